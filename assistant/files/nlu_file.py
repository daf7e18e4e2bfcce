"""Read the ``nlu:`` section of a bot's files.

What Rasa passes over with a warning (a line without a dash, an entry without examples) is passed
over here with a notice; what it refuses is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.training_data import Example, TrainingData

from .entity_syntax import EntitySyntaxError, parse_marked
from .yaml_file import YamlFile, kind, plain

_KINDS = ("intent", "synonym", "regex", "lookup")
_KEYS = (*_KINDS, "examples", "metadata")
_Line = tuple[str, str, dict[str, Any]]
"""Text with marks, ``file:line``, metadata."""


def read_nlu(file: YamlFile, data: TrainingData) -> None:
    """Add one file's examples, synonyms, regexes and lookups to ``data``."""
    items = file.sequence(file.data, "nlu", "nlu")
    for i, item in enumerate(items):
        entry = file.mapping(item, "an entry of nlu", known=_KEYS, place=(items, i))
        names = [key for key in _KINDS if key in entry]
        if len(names) != 1:
            if entry and entry.keys() <= set(_KEYS):  # a wrong key was told already
                file.fault(item, "an entry of nlu needs exactly one of intent, synonym, regex, "
                           "lookup.")  # fmt: skip
            continue
        name = file.name_at(entry, names[0])
        if name is None:
            if entry[names[0]] is None:
                file.notice(entry, f"an entry without the name of its {names[0]} is not read.")
            continue
        lines = list(_lines(file, entry, name))
        if not lines and "examples" not in entry:
            file.notice(entry, f"{names[0]} {name!r} has no examples.")
        if names[0] == "intent":
            _add_intent(file, entry, name, lines, data)
        elif names[0] == "synonym":
            for text, where, _ in lines:
                add_synonym(file, data, text, name, where)
        else:
            of = data.regexes if names[0] == "regex" else data.lookups
            of.setdefault(name, []).extend(text for text, _, _ in lines)


def add_synonym(file: YamlFile, data: TrainingData, surface: str, value: str, where: str) -> None:
    """Keep that ``surface`` means ``value``; the last one counts, and a change is told."""
    earlier = data.synonyms.get(surface.lower())
    if earlier is not None and earlier != value:
        file.faults.notice(where, f"{surface!r} means {value!r} here and {earlier!r} before.")
    data.synonyms[surface.lower()] = value


def _lines(file: YamlFile, entry: Mapping[str, Any], name: str) -> Iterator[_Line]:
    """Yield the examples of the short and of the long form."""
    examples = entry.get("examples")
    if isinstance(examples, str):
        yield from _short(file, entry, examples)
    elif isinstance(examples, list):
        for i, item in enumerate(examples):
            where = file.where(item if isinstance(item, Mapping) else examples,
                               None if isinstance(item, Mapping) else i)  # fmt: skip
            if isinstance(item, Mapping):
                file.mapping(item, "an example", known=("text", "metadata"))
            found: Any = item.get("text") if isinstance(item, Mapping) else item
            if found is None:
                file.faults.notice(where, "an example has no text.")
                continue
            if not isinstance(found, str):
                file.faults.add(where, f"an example must be a text, not {kind(found)}.")
                continue
            metadata = _metadata(item) if isinstance(item, Mapping) else {}
            yield found.strip(), where, metadata
    elif "examples" in entry and examples is not None:
        what = f"examples of {name} must be a text or a list, not {kind(examples)}."
        file.fault(entry, what, key="examples")


def _short(file: YamlFile, entry: Mapping[str, Any], examples: str) -> Iterator[_Line]:
    base, first = file.where(entry, "examples").rsplit(":", 1)
    for offset, line in enumerate(examples.splitlines(), start=1):
        text = line.strip()
        where = f"{base}:{int(first) + offset}"
        if text.startswith("-"):
            yield text[1:].strip(), where, {}
        elif text and not text.startswith("#"):
            file.faults.notice(where, f"is not read, as it does not begin with '- ': {text[:40]!r}")


def _metadata(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Rasa keeps free keys; a single value, as it allows too, is kept under ``intent``."""
    section = entry.get("metadata")
    if section is None:
        return {}
    return dict(plain(section)) if isinstance(section, Mapping) else {"intent": plain(section)}


def _add_intent(
    file: YamlFile, entry: Mapping[str, Any], intent: str, lines: list[_Line], data: TrainingData
) -> None:
    shared = _metadata(entry)
    for marked, where, metadata in lines:
        try:
            text, entities = parse_marked(marked)
        except EntitySyntaxError as error:
            file.faults.add(where, f"{error}.")
            continue
        if not text.strip():
            file.faults.notice(where, "an example is empty.")
            continue
        both = {**shared, **metadata}
        data.examples.append(
            Example(text=text, intent=intent, entities=entities, where=where, metadata=both)
        )
        for span in entities:
            if span.value != text[span.start : span.end]:
                add_synonym(file, data, text[span.start : span.end], span.value, where)
