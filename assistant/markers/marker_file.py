"""Read ``markers.yml``: each marker's name, with the conditions and operators it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.domain import DEFAULT_ACTIONS
from assistant.errors import BotFileError, nearest
from assistant.files.yaml_file import Faults, YamlFile, kind, read_yaml

from .marker import (
    ActionMarker,
    AndMarker,
    IntentMarker,
    Marker,
    NotMarker,
    OccurrenceMarker,
    Operator,
    OrMarker,
    SequenceMarker,
    SlotMarker,
)

CONDITIONS: dict[str, tuple[type[Marker], bool]] = {
    "action": (ActionMarker, False),
    "not_action": (ActionMarker, True),
    "intent": (IntentMarker, False),
    "not_intent": (IntentMarker, True),
    "slot_was_set": (SlotMarker, False),
    "slot_was_not_set": (SlotMarker, True),
}
OPERATORS: dict[str, tuple[type[Operator], bool]] = {
    "and": (AndMarker, False),
    "or": (OrMarker, False),
    "not": (NotMarker, False),
    "seq": (SequenceMarker, False),
    "at_least_once": (OccurrenceMarker, False),
    "never": (OccurrenceMarker, True),
}
_OF_ONE = frozenset({"not", "at_least_once", "never"})
_WORDS = (*CONDITIONS, *OPERATORS)


def read_markers(path: Path, known: Mapping[str, set[str]] | None = None) -> dict[str, Marker]:
    """Read the markers of a file, or of all YAML files below a folder.

    Args:
        path: The file or the folder.
        known: Names of ``action``, ``intent`` and ``slot`` that exist; ``None`` takes any.

    Raises:
        BotFileError: There is no such file.
        BotFilesError: All faults of the files, each with file and line.
    """
    paths = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
    if not paths or not paths[0].exists():
        raise BotFileError(str(path), "no such file of markers. Name it: --config FILE")
    faults = Faults(path if path.is_dir() else path.parent)
    markers: dict[str, Marker] = {}
    for each in paths:
        file = read_yaml(each, faults)
        if file is not None and file.data is not None:
            _Reader(file, known).read_into(markers)
    if not markers and not faults.found:
        faults.add(f"{paths[0].name}:1", "names no marker.")
    faults.raise_all()
    return markers


class _Reader:
    """Reads one file."""

    def __init__(self, file: YamlFile, known: Mapping[str, set[str]] | None) -> None:
        self.file = file
        self.known = known

    def read_into(self, markers: dict[str, Marker]) -> None:
        for name, entry in self.file.mapping(self.file.data, "the file of markers").items():
            if name in _WORDS:
                what = f"{name!r} is an operator or a condition; give the marker a name above it."
                self.file.fault(self.file.data, what, key=name)
            elif name in markers:
                self.file.fault(self.file.data, f"marker {name!r} stands twice.", key=name)
            else:
                marker = self._marker(entry, self.file.data, name)
                if marker is not None:
                    markers[str(name)] = marker

    def _marker(self, entry: Any, parent: Any, key: Any) -> Marker | None:  # noqa: ANN401
        if not isinstance(entry, Mapping):
            what = f"a marker is written '- action: NAME' or with an operator, not {kind(entry)}."
            self.file.fault(parent, what, key=key)
            return None
        words = [word for word in entry if word != "description"]
        if len(words) != 1:
            self.file.fault(entry, "a marker has exactly one operator or condition.")
            return None
        (word,) = words
        if word in CONDITIONS:
            return self._condition(str(word), entry)
        if word in OPERATORS:
            return self._operator(str(word), entry)
        what = f"no operator or condition is called {word!r}. {nearest(str(word), _WORDS)}"
        self.file.fault(entry, what, key=word)
        return None

    def _condition(self, word: str, entry: Mapping[str, Any]) -> Marker | None:
        name = self.file.name_at(entry, word)
        if name is None:
            self.file.fault(entry, f"{word} needs a name.", key=word)
            return None
        what = "slot" if word.startswith("slot") else word.removeprefix("not_")
        if self.known is not None and name not in self.known[what]:
            hint = nearest(name, self.known[what])
            self.file.fault(entry, f"no {what} is called {name!r}. {hint}", key=word)
        build, negated = CONDITIONS[word]
        return build(name=name, negated=negated)  # type: ignore[call-arg]

    def _operator(self, word: str, entry: Mapping[str, Any]) -> Marker | None:
        items = self.file.sequence(entry, word, word)
        parts = [self._marker(item, entry, word) for item in items]
        if not parts or (word in _OF_ONE and len(parts) > 1):
            count = "exactly one part" if word in _OF_ONE else "at least one part"
            self.file.fault(entry, f"{word} has {count}.", key=word)
            return None
        build, negated = OPERATORS[word]
        return build(parts=[each for each in parts if each is not None], negated=negated)


def known_names(*, actions: set[str], intents: set[str], slots: set[str]) -> dict[str, set[str]]:
    """What the conditions of a bot's markers may name."""
    return {"action": actions | set(DEFAULT_ACTIONS), "intent": intents, "slot": slots}
