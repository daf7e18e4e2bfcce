"""What one suite of tests gave: numbers, the files it writes, and what a person should know."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Which files of the results are written, in the words of Rasa's options."""

    successes: bool = False
    errors: bool = True
    warnings: bool = True
    pictures: bool = True


@dataclass(kw_only=True)
class Suite:
    """The outcome of one suite.

    Attributes:
        name: ``nlu``, ``core``, ``translation`` or ``generation``.
        numbers: What was measured, by the names that ``--fail-under`` takes.
        reports: Contents of JSON files, by file name.
        texts: Contents of text files, by file name.
        pictures: PNG bytes, by file name.
        notes: Remarks in plain words: what was tested, with what, what was left out.
        fault: Why the suite could not be run, in one line.
    """

    name: str
    numbers: dict[str, float] = field(default_factory=dict)
    reports: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fault: str | None = None

    @property
    def measured(self) -> bool:
        """Whether there was anything to test."""
        return bool(self.numbers)

    def write(self, folder: Path) -> list[Path]:
        """Write every file of the suite; returns their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        written: list[Path] = []
        for name, report in self.reports.items():
            written.append(folder / name)
            written[-1].write_text(as_json(report), encoding="utf-8")
        for name, text in self.texts.items():
            written.append(folder / name)
            written[-1].write_text(text, encoding="utf-8")
        for name, picture in self.pictures.items():
            written.append(folder / name)
            written[-1].write_bytes(picture)
        return written


def as_json(value: object) -> str:
    """JSON as people read it: indented, with all scripts as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
