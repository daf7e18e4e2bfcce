"""Two ways to ask a person: with arrow keys on a terminal, line by line elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer

from assistant.interactive.prompter import Prompter


def prompter() -> Prompter:
    """The one that fits where we are asked from."""
    return Terminal() if sys.stdin.isatty() and sys.stdout.isatty() else Lines()


class Terminal:
    """Asks with menus that arrow keys and typing move through."""

    def say(self, text: str) -> None:
        """Print a text."""
        typer.echo(text)

    def text(self, question: str, default: str = "") -> str:
        """Ask for a line that can be edited."""
        import questionary

        return str(_answer(questionary.text(question, default=default)))

    def confirm(self, question: str) -> bool:
        """Ask for y or n."""
        import questionary

        return bool(_answer(questionary.confirm(question, default=True)))

    def choose(self, question: str, choices: Sequence[str]) -> int:
        """Show a list; typing filters it."""
        import questionary

        shown = [questionary.Choice(title=each, value=i) for i, each in enumerate(choices)]
        asked = questionary.select(
            question, choices=shown, use_search_filter=True, use_jk_keys=False
        )
        return int(_answer(asked))


def _answer(question: Any) -> Any:  # noqa: ANN401 - questionary's own
    """Ask; Ctrl+C comes through, and Ctrl+D is the end."""
    return question.unsafe_ask()


class Lines:
    """Asks line by line, for scripts and pipes: a number or a name chooses, y or n confirms."""

    def say(self, text: str) -> None:
        """Print a text."""
        typer.echo(text)

    def text(self, question: str, default: str = "") -> str:
        """Read a line; an empty one takes the default."""
        return self._line(f"{question} ") or default

    def confirm(self, question: str) -> bool:
        """Read y or n; an empty line is yes."""
        while True:
            answer = self._line(f"{question} (Y/n) ").lower()
            if answer in {"", "y", "yes", "n", "no"}:
                return not answer.startswith("n")
            typer.echo("Please answer y or n.")

    def choose(self, question: str, choices: Sequence[str]) -> int:
        """Read the number or the words of a choice."""
        typer.echo(question)
        for i, each in enumerate(choices, start=1):
            typer.echo(f"  {i}. {each}")
        while True:
            answer = self._line(f"1-{len(choices)} or its words: ")
            if not answer:
                return 0
            if answer in choices:
                return list(choices).index(answer)
            if answer.isdecimal() and 1 <= int(answer) <= len(choices):
                return int(answer) - 1
            typer.echo("That is none of them.")

    def _line(self, question: str) -> str:
        sys.stdout.write(question)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()
