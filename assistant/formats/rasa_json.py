"""Rasa's own JSON: ``rasa_nlu_data`` with examples, synonyms, regexes and lookup tables."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from assistant.errors import BotFileError, BotFilesError
from assistant.files.nlu_json import read_nlu_json
from assistant.files.yaml_file import Faults
from assistant.training_data import TrainingData

from .json_lines import JsonText
from .source import Source, entity_json

_ITEM = re.compile(r": (\w+)\[(\d+)\]$")


def read_rasa_json(source: Source) -> TrainingData:
    """Read the file.

    Raises:
        BotFilesError: Its faults, or that it holds no such data.
    """
    faults = Faults(source.path.parent)
    read_nlu_json(source.path, faults, source.data)
    lines = _Lines(source) if faults.found or source.data.examples else None
    if faults.found and lines:
        raise BotFilesError([BotFileError(lines.place(f.where), f.what) for f in faults.found])
    if lines:
        source.data.examples = [
            replace(example, where=lines.place(example.where)) for example in source.data.examples
        ]
    return source.done()


class _Lines:
    """The lines of a file's list items, which its reader names by their number."""

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self._lines: dict[str, list[int]] = {}
        text = JsonText(source.text())
        try:
            self._walk(text, 0)
        except json.JSONDecodeError:
            return  # the fault of the reader says where

    def _walk(self, text: JsonText, position: int) -> None:
        for key, at in text.members(position):
            if text.begins_with("[", at):
                self._lines[key] = [line for line, _ in text.items(at)]
            elif key == "rasa_nlu_data" and text.begins_with("{", at):
                self._walk(text, at)

    def place(self, where: str) -> str:
        """``file:line`` of ``file: common_examples[3]``."""
        match = _ITEM.search(where)
        lines = self._lines.get(match[1], []) if match else []
        if match is None:
            line = where.rpartition(":")[2]
            return f"{self.path}:{line}" if line.isdigit() else str(self.path)
        return f"{self.path}:{lines[int(match[2])]}" if int(match[2]) < len(lines) else where


def write_rasa_json(data: TrainingData) -> str:
    """Write the file."""
    surfaces: dict[str, list[str]] = {}
    for surface, value in data.synonyms.items():
        surfaces.setdefault(value, []).append(surface)
    found: dict[str, Any] = {
        "common_examples": [
            {"text": example.text, "intent": example.intent}
            | ({"entities": [entity_json(s) for s in example.entities]} if example.entities else {})
            | ({"metadata": example.metadata} if example.metadata else {})
            for example in data.examples
        ],
        "entity_synonyms": [{"value": v, "synonyms": words} for v, words in surfaces.items()],
        "regex_features": [
            {"name": name, "pattern": pattern}
            for name, patterns in data.regexes.items() for pattern in patterns
        ],
        "lookup_tables": [{"name": n, "elements": words} for n, words in data.lookups.items()],
    }  # fmt: skip
    kept = {key: value for key, value in found.items() if value or key == "common_examples"}
    return json.dumps({"rasa_nlu_data": kept}, ensure_ascii=False, indent=1) + "\n"
