"""What a check finds: an error that stops a training, or a warning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault at one place.

    Attributes:
        where: ``file:line``.
        what: What is wrong, and what to do.
        level: ``"error"`` for what Rasa refuses, ``"warning"`` for what it only warns of.
        check: A short name of the check for machines, e.g. ``"unknown-action"``.
    """

    where: str
    what: str
    level: Literal["error", "warning"]
    check: str

    def __str__(self) -> str:
        return f"{self.where}: {self.level}: {self.what}"

    def as_json(self) -> dict[str, str | int | None]:
        """The finding with its place as file and line."""
        name, line = _place(self.where)
        return {**asdict(self), "file": name, "line": line or None}


class Findings:
    """All that the checks found; a fault that is found twice counts once."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def error(self, check: str, where: str, what: str) -> None:
        """Note what stops a training."""
        self._found.setdefault(Finding(where=where, what=what, level="error", check=check))

    def warning(self, check: str, where: str, what: str) -> None:
        """Note what a bot can be trained with."""
        self._found.setdefault(Finding(where=where, what=what, level="warning", check=check))

    def __iter__(self) -> Iterator[Finding]:
        """By file, then line; errors first on a line."""
        return iter(sorted(self._found, key=lambda each: (*_place(each.where), each.level)))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Only the errors, sorted."""
        return tuple(each for each in self if each.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Only the warnings, sorted."""
        return tuple(each for each in self if each.level == "warning")


def _place(where: str) -> tuple[str, int]:
    name, _, line = where.rpartition(":")
    return (name, int(line)) if line.isdigit() else (where, 0)
