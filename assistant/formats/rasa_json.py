"""Rasa's own JSON: ``rasa_nlu_data`` with examples, synonyms, regexes and lookup tables."""

from __future__ import annotations

import json
from typing import Any

from assistant.errors import BotFilesError
from assistant.files.nlu_json import read_nlu_json
from assistant.files.yaml_file import Faults
from assistant.training_data import TrainingData

from .source import Source, entity_json


def read_rasa_json(source: Source) -> TrainingData:
    """Read the file.

    Raises:
        BotFilesError: Its faults, or that it holds no such data.
    """
    faults = Faults(source.path.parent)
    read_nlu_json(source.path, faults, source.data)
    if faults.found:
        raise BotFilesError(faults.found)
    return source.done()


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
