"""Read the ``nlu:`` section of a bot's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.training_data import Example, TrainingData

from .entity_syntax import EntitySyntaxError, parse_marked
from .yaml_file import YamlFile, kind, plain

_KEYS = ("intent", "synonym", "regex", "lookup", "examples", "metadata")


def read_nlu(file: YamlFile, data: TrainingData) -> None:
    """Add one file's examples, synonyms, regexes and lookups to ``data``."""
    for item in file.sequence(file.data, "nlu", "nlu"):
        entry = file.mapping(item, "an entry of nlu", known=_KEYS)
        names = [key for key in ("intent", "synonym", "regex", "lookup") if key in entry]
        if len(names) != 1:
            if entry:
                file.fault(
                    item, "an entry of nlu needs exactly one of intent, synonym, regex, lookup."
                )
            continue
        name = str(entry[names[0]])
        lines = list(_examples(file, entry, name))
        if names[0] == "intent":
            _add_intent(file, entry, name, lines, data)
        elif names[0] == "synonym":
            data.synonyms.update({text.lower(): name for text, _, _ in lines})
        elif names[0] == "regex":
            data.regexes.setdefault(name, []).extend(text for text, _, _ in lines)
        else:
            data.lookups.setdefault(name, []).extend(text for text, _, _ in lines)


def _examples(
    file: YamlFile, entry: Mapping[str, Any], name: str
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield text, place and metadata of each example, of the short and the long form."""
    examples = entry.get("examples")
    if examples is None:
        file.fault(entry, f"{name!r} has no examples. Add: examples: |")
    elif isinstance(examples, str):
        base, first = file.where(entry, "examples").rsplit(":", 1)
        for offset, line in enumerate(examples.splitlines(), start=1):
            text = line.strip()
            where = f"{base}:{int(first) + offset}"
            if text.startswith("-"):
                yield text[1:].strip(), where, {}
            elif text:
                file.faults.add(where, f"an example must begin with '- ': {text[:40]!r}")
    elif isinstance(examples, list):
        for item in examples:
            where = file.where(item if isinstance(item, Mapping) else examples)
            found: Any = item.get("text") if isinstance(item, Mapping) else item
            if not isinstance(found, str):
                file.faults.add(where, f"an example must be a text, not {kind(found)}.")
                continue
            metadata = _metadata(item) if isinstance(item, Mapping) else {}
            yield found.strip().removeprefix("- "), where, metadata
    else:
        file.fault(
            entry, f"examples must be a text or a list, not {kind(examples)}.", key="examples"
        )


def _metadata(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Rasa keeps free keys; a single value, as it allows too, is kept under ``intent``."""
    section = entry.get("metadata")
    if section is None:
        return {}
    return dict(plain(section)) if isinstance(section, Mapping) else {"intent": plain(section)}


def _add_intent(
    file: YamlFile,
    entry: Mapping[str, Any],
    intent: str,
    lines: list[tuple[str, str, dict[str, Any]]],
    data: TrainingData,
) -> None:
    shared = _metadata(entry)
    for marked, where, metadata in lines:
        try:
            text, entities = parse_marked(marked)
        except EntitySyntaxError as error:
            file.faults.add(where, f"{error}.")
            continue
        if not text.strip():
            file.faults.add(where, "an example is empty.")
            continue
        both = {**shared, **metadata}
        data.examples.append(
            Example(text=text, intent=intent, entities=entities, where=where, metadata=both)
        )
        for span in entities:
            if span.value != text[span.start : span.end]:
                data.synonyms.setdefault(text[span.start : span.end].lower(), span.value)
