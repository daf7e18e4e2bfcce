"""Buttons, order numbers and addresses have no language: they take the conversation's."""

from __future__ import annotations

from dataclasses import replace

from .messages import Turn


def in_language_of(turn: Turn, language: str | None) -> Turn:
    """Return the turn in the conversation's language where its own text has none.

    Args:
        turn: A message as it was understood.
        language: Of the message before; ``None`` at the start of a conversation.
    """
    if language is None or (not turn.literal and any(map(_is_word, turn.text.split()))):
        return turn
    return replace(turn, language=language)


def _is_word(token: str) -> bool:
    """Whether a token belongs to a language; ``A1042``, ``li@example.com``, ``?!`` do not."""
    if not token.isascii():
        return True
    is_value = "@" in token or "://" in token or any(letter.isdigit() for letter in token)
    return not is_value and any(letter.isalpha() for letter in token)
