"""Every fault that a user can mend, as one line: where, what, and what to do next.

TrilogueError
├── BotFileError        a fault in a bot's files, with file and line
│   └── BotFilesError   all such faults of one reading, one per line
├── UnknownNameError    a name that nothing carries; gives the nearest known one
├── ModelError          a model that is missing, damaged or of another version
├── DataError           a corpus or a data folder that is missing
├── StoreError          conversations that cannot be opened
├── ActionError         a custom action that failed
│   └── ActionTimeout   one that was not done in time
├── EventError          JSON that is no event of a conversation
└── RejectedMessage     a message that cannot be taken, with its HTTP status
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class TrilogueError(Exception):
    """A fault that is told to the user in one line, without a traceback."""


class BotFileError(TrilogueError):
    """One fault at one place of a bot's files."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class BotFilesError(BotFileError):
    """All faults of one reading; ``str()`` has one line for each."""

    def __init__(self, faults: Sequence[BotFileError]) -> None:
        TrilogueError.__init__(self, "\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class UnknownNameError(TrilogueError):
    """A name that nothing carries, with the nearest one that something does."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        place = f"{where}: " if where else ""
        super().__init__(f"{place}no {kind} is called {name!r}. {nearest(name, known)}")
        self.name = name


class ModelError(TrilogueError):
    """A model that is missing, damaged, or made by another version."""


class DataError(TrilogueError):
    """A corpus or a data folder that is missing or unreadable."""


class StoreError(TrilogueError):
    """Conversations that cannot be opened, with the reason and what to do."""


class ActionError(TrilogueError):
    """A custom action that failed, with the action's name."""


class ActionTimeout(ActionError):  # noqa: N818 - as Python's TimeoutError says it
    """A custom action that was not done in time; its turn ends."""


class EventError(TrilogueError, ValueError):
    """JSON that is no event of a conversation, with what is wrong with it."""


class RejectedMessage(TrilogueError):  # noqa: N818 - it is an answer, not a failure
    """A message that cannot be taken.

    Attributes:
        status: The HTTP status that says so (4xx or 503).
        code: A short name for machines, e.g. ``"too_long"``.
    """

    def __init__(self, code: str, what: str, *, status: int = 400) -> None:
        super().__init__(what)
        self.code = code
        self.status = status


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?``, or the known names when none is near."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(names) or 'none'}."
