"""Find the words of a lookup table in a text; a table may hold tens of thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..ngrams import HAN

_HAN = re.compile(rf"[{HAN}]")


@dataclass(frozen=True, slots=True)
class LookupTable:
    """The words of one table.

    Attributes:
        words: Lowercase unless case counts.
        lengths: First character to the lengths of the words that begin with it, longest first.
        case_sensitive: Whether case counts.
        bounded: Whether a word must not go on in the text; Chinese words may.
    """

    words: frozenset[str]
    lengths: dict[str, tuple[int, ...]]
    case_sensitive: bool = False
    bounded: bool = True

    @classmethod
    def of(
        cls, words: Iterable[str], *, case_sensitive: bool = False, bounded: bool = True
    ) -> LookupTable:
        """Make a table of words; blank ones are left out."""
        kept = frozenset(
            word if case_sensitive else _lowered(word) for word in map(str.strip, words) if word
        )
        lengths: dict[str, set[int]] = {}
        for word in kept:
            lengths.setdefault(word[0], set()).add(len(word))
        ordered = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        return cls(kept, ordered, case_sensitive, bounded)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where words of the table stand, from left to right, longest first."""
        read = text if self.case_sensitive else _lowered(text)
        found, start = [], 0
        while start < len(read):
            end = self._end_at(read, start)
            if end is None:
                start += 1
            else:
                found.append((start, end))
                start = end
        return found

    def _end_at(self, text: str, start: int) -> int | None:
        lengths = self.lengths.get(text[start])
        if lengths is None or (self.bounded and not _parts(text, start)):
            return None
        for length in lengths:
            end = start + length
            if (
                end <= len(text)
                and text[start:end] in self.words
                and (not self.bounded or _parts(text, end))
            ):
                return end
        return None


def _parts(text: str, place: int) -> bool:
    """Whether a word may begin or end at a place."""
    if place in {0, len(text)}:
        return True
    before, after = text[place - 1], text[place]
    return not (_in_word(before) and _in_word(after)) or bool(
        _HAN.match(before) or _HAN.match(after)
    )


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _lowered(text: str) -> str:
    """Lower each letter whose lower case is one letter, so that offsets stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
