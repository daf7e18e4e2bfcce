"""How a person is asked; the questions themselves stand in `questions` and `lesson`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Prompter(Protocol):
    """Someone to ask. Every question raises ``EOFError`` where no answer can come any more."""

    def say(self, text: str) -> None:
        """Tell something."""
        ...

    def text(self, question: str, default: str = "") -> str:
        """Ask for a line; ``default`` stands there to be changed."""
        ...

    def confirm(self, question: str) -> bool:
        """Ask for yes or no; yes where nothing is answered."""
        ...

    def choose(self, question: str, choices: Sequence[str]) -> int:
        """Let one of several be chosen, the first where nothing is answered."""
        ...
