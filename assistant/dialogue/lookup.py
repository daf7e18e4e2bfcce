"""What the stories do after states: the table that memory looks a conversation up in."""

from __future__ import annotations

from collections.abc import Sequence

from .states import State


class Lookup:
    """Actions by the states before them.

    Args:
        history: How many states count; ``None`` for all.
    """

    def __init__(self, history: int | None) -> None:
        self.history = history
        self.longest = 0
        self._next: dict[tuple[State, ...], str | None] = {}

    def recent(self, states: Sequence[State]) -> tuple[State, ...]:
        """Return the states that count."""
        return tuple(states if self.history is None else states[-self.history :])

    def learn(self, states: Sequence[State], action: str) -> None:
        """Remember an action; where stories disagree, there is no memory of it."""
        key = self.recent(states)
        self.longest = max(self.longest, len(key))
        if self._next.setdefault(key, action) != action:
            self._next[key] = None

    def recall(self, states: Sequence[State]) -> str | None:
        """Return the action after the states, or ``None``."""
        return self._next.get(self.recent(states))
