"""Collect every fault and every notice of a bot's files before stopping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import BotFileError, BotFilesError


class Faults:
    """The faults found so far; readers go on after each and stop together at the end.

    Attributes:
        found: What must be mended.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: list[BotFileError] = []
        self._notices: dict[tuple[str, str], None] = {}

    def add(self, where: str, what: str) -> None:
        """Note one fault."""
        self.found.append(BotFileError(where, what))

    def notice(self, where: str, what: str) -> None:
        """Note something that the user should know and that stops nothing."""
        self._notices[where, what] = None

    @property
    def notices(self) -> list[str]:
        """What was passed over or read in an older way, as ``file:line: what``, by file."""
        places = list(self._notices)
        order = _by_place([where for where, _ in places])
        return [": ".join(places[i]) for i in order]

    def raise_all(self) -> None:
        """Raise `BotFilesError` if anything was found, each file's faults by their lines."""
        if self.found:
            order = _by_place([fault.where for fault in self.found])
            raise BotFilesError([self.found[i] for i in order])


def _by_place(wheres: Sequence[str]) -> list[int]:
    """Order places by their lines; files stay in the order in which they were read."""
    places = [_place(where) for where in wheres]
    files = list(dict.fromkeys(name for name, _ in places))
    return sorted(range(len(places)), key=lambda i: (files.index(places[i][0]), places[i][1]))


def _place(where: str) -> tuple[str, int]:
    name, _, line = where.rpartition(":")
    return (name, int(line)) if line.isdigit() else (where, 0)
