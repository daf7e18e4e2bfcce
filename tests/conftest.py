"""Fixtures that tests of several folders share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

collect_ignore = ["bots"]  # bots to test with, collected by tests of the pytest plug-in only
WriteBot = Callable[..., Path]


@pytest.fixture
def write_bot(tmp_path: Path) -> WriteBot:
    """Give a function that writes a bot's files, ``/`` in names as ``__``, and its folder."""

    def write(**files: str) -> Path:
        root = tmp_path / "bot"
        root.mkdir(exist_ok=True)
        files.setdefault("config", "language: en\n")
        for name, text in files.items():
            path = root / (name.replace("__", "/") + ".yml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return root

    return write


@pytest.fixture(autouse=True)
def _root_level() -> Iterator[None]:
    """Put the level of the root logger back, which verbs for a terminal raise."""
    root = logging.getLogger()
    before = root.level
    yield
    root.setLevel(before)
