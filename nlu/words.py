"""Cut a message into the words that entities are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .encoder import Encoded
from .ngrams import HAN

# Letters and digits part from each other, so that "order12345" and "20usd" hold two words each.
_WORD = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+|\d+|\S")


@dataclass(frozen=True, slots=True)
class Word:
    """``text[start:end]`` of a message."""

    text: str
    start: int
    end: int


def split_words(text: str) -> list[Word]:
    """Return runs of letters, runs of digits, single Han characters and single marks."""
    return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]


def word_states(words: list[Word], encoded: Encoded | None, width: int) -> NDArray[np.float32]:
    """Average the states of the pieces that each word overlaps.

    Shapes: w = words, d = width.

    Returns:
        ``[w, d]``; zeros for a word that the encoder did not read.
    """
    result = np.zeros((len(words), width), dtype=np.float32)
    if encoded is None:
        return result
    starts, ends = encoded.offsets[:, 0], encoded.offsets[:, 1]
    for row, word in zip(result, words, strict=True):
        pieces = np.flatnonzero((starts < word.end) & (ends > word.start))
        if len(pieces):
            row[:] = encoded.states[pieces].mean(axis=0)
    return result
