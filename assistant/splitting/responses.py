"""The answers of retrieval intents, as they stand in a bot's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.files.yaml_file import Faults, plain, read_yaml
from assistant.training_data import TrainingData


def retrieval_responses(files: Iterable[Path], data: TrainingData) -> dict[str, Any]:
    """Return the ``utter_faq/...`` responses that the examples of ``data`` ask for, unchanged."""
    wanted = {f"utter_{example.intent}" for example in data.examples if "/" in example.intent}
    found: dict[str, Any] = {}
    for path in files:
        file = read_yaml(path, Faults(path.parent)) if path.suffix in {".yml", ".yaml"} else None
        section = file.data.get("responses") if file and isinstance(file.data, Mapping) else None
        if isinstance(section, Mapping):
            found.update({n: plain(each) for n, each in section.items() if n in wanted})
    return found
