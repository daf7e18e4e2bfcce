"""Load a writer: what a training saved, a GPT-2 folder, or the built-in base."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.component import Engine
from assistant.errors import ModelError

from .gpt2_folder import ready_folder
from .writer import Writer, WriterSettings

SETTINGS = "writer.json"


def load_writer(folder: Path | None, engine: Engine = "int8") -> Writer:
    """Load a generator.

    Args:
        folder: What `adaptation.adapt` saved, any GPT-2 folder, or ``None``: the built-in base.
        engine: How its numbers are held.

    Raises:
        ModelError: It is missing or damaged.
    """
    if folder is None or not (folder / SETTINGS).exists():
        return Writer(ready_folder(folder), engine=engine)
    path = folder / SETTINGS
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        settings = WriterSettings(max_tokens=int(saved["max_tokens"]), floor=float(saved["floor"]))
        base = saved["base"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: is damaged. Train again: trilogue train") from error
    adapted = saved.get("adapted", True)
    return Writer(ready_folder(folder if adapted else base), engine=engine, settings=settings)
