"""Bots written from a table of files, for tests."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from assistant.bot import Bot, load_bot


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return root


def read(root: Path, files: dict[str, str]) -> Bot:
    return load_bot(write(root, files))
