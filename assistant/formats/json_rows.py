"""JSON: rows of text and label (an array, or one object a line), and CLINC150's parts of pairs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assistant.errors import BotFileError, nearest
from assistant.training_data import TrainingData

from .json_lines import JsonText
from .layout import ENTITIES, LABEL_NAMES, METADATA, TEXT_NAMES, Layout, named
from .source import Source, entity_json

OUT_OF_SCOPE = "oos"
"""CLINC150 (Larson et al. 2019) keeps sentences of no intent in parts of their own."""


def read_json_rows(source: Source) -> TrainingData:
    """Read an array of rows or pairs, or one object a line.

    Raises:
        BotFileError: The file cannot be read or its JSON is damaged.
        BotFilesError: The faults of its rows.
    """
    text = JsonText(source.text())
    try:
        items = text.items() if text.begins_with("[") else _one_a_line(text.text)
        for line, item in items:
            _add(source, line, item)
    except json.JSONDecodeError as error:
        raise _damaged(source, error) from None
    return source.done()


def read_clinc(source: Source) -> TrainingData:
    """Read an object of parts, each an array of ``[text, intent]`` pairs.

    A part is read together with its out-of-scope one: ``train`` with ``oos_train``. With all
    parts, each example's metadata has its part as ``split``.

    Raises:
        BotFileError: The file cannot be read, its JSON is damaged, or it has no such part.
        BotFilesError: The faults of its rows.
    """
    text = JsonText(source.text())
    wanted = source.layout.part
    names: list[str] = []
    try:
        for name, position in text.members():
            names.append(name)
            if wanted not in {name, name.removeprefix(f"{OUT_OF_SCOPE}_"), "all"}:
                continue
            if not text.begins_with("[", position):
                source.fault(text.line(position), f"{name} must be an array of pairs.")
                continue
            for line, item in text.items(position):
                _add(source, line, item, split=name if wanted == "all" else None)
    except json.JSONDecodeError as error:
        raise _damaged(source, error) from None
    if not source.data.examples and not source.faults:
        raise BotFileError(
            str(source.path),
            f"has no part {wanted!r}. {nearest(wanted, names)} Choose with --part.",
        )
    return source.done()


def _damaged(source: Source, error: json.JSONDecodeError) -> BotFileError:
    return BotFileError(f"{source.path}:{error.lineno}", f"JSON: {error.msg}.")


def _one_a_line(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise json.JSONDecodeError(error.msg, text, _start(text, number)) from None


def _start(text: str, line: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1])


def _add(source: Source, line: int, item: Any, *, split: str | None = None) -> None:  # noqa: ANN401
    metadata: dict[str, Any] = {} if split is None else {"split": split}
    if isinstance(item, list):
        if len(item) != 2 or not all(isinstance(part, str) for part in item):
            source.fault(line, f"a pair must be [text, intent], not {_short(item)}")
        else:
            source.add(line, item[0], item[1], metadata=metadata)
        return
    if not isinstance(item, dict):
        source.fault(line, f"a row must be an object or a pair, not {_short(item)}")
        return
    text = _at(source.layout.text, TEXT_NAMES, item)
    label = _at(source.layout.label, LABEL_NAMES, item)
    if not isinstance(item.get(text or ""), str):
        source.fault(
            line, f"the row has no text under {source.layout.text or 'text'!r}: {_short(item)}"
        )
        return
    told = item.get(METADATA)
    if isinstance(told, dict):
        metadata.update(told)
    metadata.update({key: item[key] for key in source.layout.metadata if key in item})
    said = item[str(text)]
    spans = source.entities(line, said, item[ENTITIES]) if item.get(ENTITIES) else []
    intent = None if label is None or item[label] is None else str(item[label])
    source.add(line, said, intent, entities=spans, metadata=metadata)


def _at(asked: str | None, usual: tuple[str, ...], item: dict[str, Any]) -> str | None:
    if asked is not None:
        return asked if asked in item else None
    return named(usual, list(item))


def _short(item: object) -> str:
    return json.dumps(item, ensure_ascii=False)[:60]


def write_json_rows(data: TrainingData, layout: Layout, *, one_a_line: bool) -> str:
    """Write rows as an array, or one a line."""
    rows = []
    for example in data.examples:
        row: dict[str, Any] = {layout.text or "text": example.text}
        row[layout.label or "intent"] = example.intent
        if example.entities:
            row[ENTITIES] = [entity_json(span) for span in example.entities]
        if example.metadata:
            row[METADATA] = example.metadata
        rows.append(row)
    if one_a_line:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def write_clinc(data: TrainingData) -> str:
    """Write parts of pairs: those of the metadata's ``split``, else train and oos_train."""
    parts: dict[str, list[list[str]]] = {}
    for example in data.examples:
        usual = "oos_train" if example.intent == OUT_OF_SCOPE else "train"
        part = str(example.metadata.get("split", usual))
        parts.setdefault(part, []).append([example.text, example.intent])
    return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"
