"""Write examples as Rasa's ``nlu:`` section, so that they read back equal."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import LiteralScalarString

from assistant.errors import BotFileError, BotFilesError
from assistant.files.entity_syntax import EntitySyntaxError, parse_marked
from assistant.files.marked_text import marked
from assistant.training_data import Example, TrainingData

VERSION = "3.1"


def write_rasa_yaml(data: TrainingData, responses: dict[str, Any] | None = None) -> str:
    """Write a file of examples, synonyms, regexes and lookups, and perhaps responses.

    Examples stand by intent, in the order in which each intent comes first.

    Raises:
        BotFilesError: Examples that the syntax of entities cannot hold.
    """
    faults: list[BotFileError] = []
    entries: list[dict[str, Any]] = []
    entries += [_intent(group, faults) for group in _groups(data.examples)]
    surfaces: dict[str, list[str]] = {}
    for surface, value in data.synonyms.items():
        surfaces.setdefault(value, []).append(surface)
    for kind, lists in (("synonym", surfaces), ("regex", data.regexes), ("lookup", data.lookups)):
        entries += [{kind: name, "examples": _list(lines)} for name, lines in lists.items()]
    if faults:
        raise BotFilesError(faults)
    tree: dict[str, Any] = {"version": VERSION, "nlu": entries}
    if responses:
        tree["responses"] = responses
    return dump(tree)


def _groups(examples: Sequence[Example]) -> list[list[Example]]:
    """Examples by intent; also by metadata, where most share theirs with others."""
    by_intent: dict[str, list[Example]] = {}
    by_both: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        told = json.dumps(example.metadata, sort_keys=True, default=str)
        by_intent.setdefault(example.intent, []).append(example)
        by_both.setdefault((example.intent, told), []).append(example)
    shares = len(by_both) * 2 <= len(examples) and len(by_both) > len(by_intent)
    return list(by_both.values() if shares else by_intent.values())


def dump(tree: dict[str, Any]) -> str:
    """Write YAML with the file's format version in quotes."""
    yaml = YAML()
    yaml.allow_unicode, yaml.width = True, 4096
    yaml.default_flow_style = False
    text = io.StringIO()
    rest = {key: value for key, value in tree.items() if key != "version"}
    yaml.dump(CommentedMap(rest), text)
    return f'version: "{VERSION}"\n{text.getvalue()}'


def _intent(examples: Sequence[Example], faults: list[BotFileError]) -> dict[str, Any]:
    lines = []
    for example in examples:
        line = marked(example.text, example.entities)
        if _is_read_back(line, example):
            lines.append((line, example))
        else:
            faults.append(
                BotFileError(
                    example.where,
                    f"YAML cannot hold this example's brackets or entities: {example.text[:60]!r}. "
                    "Take it out, or change its brackets.",
                )
            )
    shared = examples[0].metadata
    head: dict[str, Any] = {"intent": examples[0].intent}
    if shared and all(example.metadata == shared for example in examples):
        return {**head, "metadata": shared, "examples": _examples(lines, told=True)}
    return {**head, "examples": _examples(lines, told=False)}


def _is_read_back(line: str, example: Example) -> bool:
    try:
        text, spans = parse_marked(line)
    except EntitySyntaxError:
        return False
    return (text, spans) == (example.text, example.entities)


def _examples(lines: Sequence[tuple[str, Example]], *, told: bool) -> Any:  # noqa: ANN401
    """The short form where it says everything, else the long one; ``told``: metadata stands."""
    texts = [line for line, _ in lines]
    if all(map(_is_one_line, texts)) and (told or not any(e.metadata for _, e in lines)):
        return _list(texts)
    return [
        {"text": f"- {line}" if line.startswith("- ") else line}
        | ({} if told or not example.metadata else {"metadata": example.metadata})
        for line, example in lines
    ]


def _list(lines: Sequence[str]) -> str:
    block: str = LiteralScalarString("".join(f"- {line}\n" for line in lines))
    return block


def _is_one_line(text: str) -> bool:
    """Whether a text stays as it is in a block of lines."""
    return len(text.splitlines()) == 1 and text.isprintable()
