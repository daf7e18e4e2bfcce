"""A modified, interpolated Kneser–Ney language model, the baseline that a network must beat.

The well-kept toolkits were no choice: kenlm's package can only read models, and trains them with
a C++ program of its own; nltk's works one word at a time and takes hours at five words.

Source: Chen and Goodman 1999, "An empirical study of smoothing techniques for language modeling",
section 3.2; discounts from counts of counts, equation 26; the unigrams are mixed with 1/V.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_START = 0
_UNKNOWN = 1


@dataclass(frozen=True, slots=True)
class _Order:
    """The n-grams of one length.

    Letters: g = n-grams, c = contexts (the n-grams one word shorter).

    Attributes:
        keys: ``[g]``, sorted: number of the context times the size of the vocabulary, plus the
            last word. The place of a key is the n-gram's number.
        discounted: ``[g]``, each count less its discount.
        total: ``[c]``, sum of the counts behind a context.
        left: ``[c]``, sum of the discounts behind a context: the mass of shorter n-grams.
    """

    keys: Ints
    discounted: Floats
    total: Floats
    left: Floats


class KneserNey:
    """P(word | the n - 1 words before it)."""

    def __init__(self, texts: Sequence[Sequence[str]], order: int = 5) -> None:
        """Count the n-grams of texts; every word of theirs is in the vocabulary.

        Args:
            texts: Words of each text. Before its first word a text has ``order - 1`` start marks.
            order: Longest n-gram.
        """
        words = sorted({word for text in texts for word in text})
        self.vocabulary = {word: number for number, word in enumerate(words, start=2)}
        self._size = len(words) + 2
        self._length = order
        tokens = self._numbers(texts)
        real = tokens != _START
        keys, ids = self._tables(tokens)
        self._orders = [self._order(n, keys, ids, real) for n in range(1, order + 1)]

    def log_probs(self, texts: Sequence[Sequence[str]]) -> list[Floats]:
        """Natural log probability of each word of each text.

        An unknown word has ``nan``, and stands in the contexts of the words behind it.
        """
        tokens = self._numbers(texts)
        ids = self._look_up(tokens)
        known = np.where(tokens > _UNKNOWN, ids[1], -1)
        first = self._orders[0]
        share = np.where(known >= 0, first.discounted[known], 0.0)
        probability = (share + first.left[0] / (self._size - 2)) / first.total[0]
        for n in range(2, self._length + 1):
            table = self._orders[n - 1]
            context = np.concatenate(([-1], ids[n - 1][:-1]))
            seen = (context >= 0) & (table.total[context] > 0)
            share = np.where(ids[n] >= 0, table.discounted[ids[n]], 0.0)
            longer = (share + table.left[context] * probability) / np.maximum(
                table.total[context], 1e-300
            )
            probability = np.where(seen, longer, probability)
        values = np.where(tokens == _UNKNOWN, np.nan, np.log(probability))[tokens != _START]
        return np.split(values, np.cumsum([len(text) for text in texts])[:-1])

    def _numbers(self, texts: Sequence[Sequence[str]]) -> Ints:
        row: list[int] = []
        for text in texts:
            row += [_START] * (self._length - 1)
            row += [self.vocabulary.get(word, _UNKNOWN) for word in text]
        return np.array(row, dtype=np.int64)

    def _tables(self, tokens: Ints) -> tuple[list[Ints], list[Ints]]:
        """Number the n-grams: keys by length, and at each place the number of what ends there."""
        keys, ids = [np.zeros(1, np.int64)], [np.zeros(len(tokens), np.int64)]
        for _ in range(self._length):
            before = np.concatenate(([0], ids[-1][:-1]))
            found, numbers = np.unique(before * self._size + tokens, return_inverse=True)
            keys.append(found)
            ids.append(numbers)
        return keys, ids

    def _look_up(self, tokens: Ints) -> list[Ints]:
        """Like `_tables` for other texts; -1 where an n-gram is unknown."""
        ids = [np.zeros(len(tokens), np.int64)]
        for n, table in enumerate(self._orders):
            before = np.concatenate(([0 if n == 0 else -1], ids[-1][:-1]))
            wanted = before * self._size + tokens
            place = np.minimum(np.searchsorted(table.keys, wanted), len(table.keys) - 1)
            ids.append(np.where((before >= 0) & (table.keys[place] == wanted), place, -1))
        return ids

    def _order(self, n: int, keys: list[Ints], ids: list[Ints], real: NDArray[np.bool_]) -> _Order:
        """Count: how often the longest occur; for shorter ones, how many words stand before."""
        if n == self._length:
            counts = np.bincount(ids[n][real], minlength=len(keys[n]))
        else:
            longer, place = np.unique(ids[n + 1][real], return_index=True)
            counts = np.bincount(ids[n][np.flatnonzero(real)[place]], minlength=len(keys[n]))
            assert counts.sum() == len(longer)
        cut = discounts(counts)[np.minimum(counts, 3)]
        context = keys[n] // self._size
        sizes = {"minlength": len(keys[n - 1])}
        return _Order(
            keys=keys[n],
            discounted=counts - cut,
            total=np.bincount(context, weights=counts, **sizes),
            left=np.bincount(context, weights=cut, **sizes),
        )


def discounts(counts: Ints) -> Floats:
    """What is taken off a count of 0, 1, 2, and 3 or more.

    Without n-grams of each count from 1 to 4 (in tiny texts) it is 0, 0.5, 1 and 1.5.
    """
    once, twice, thrice, four = (int((counts == n).sum()) for n in (1, 2, 3, 4))
    if not once or not twice or not thrice or not four:
        return np.array([0.0, 0.5, 1.0, 1.5])
    y = once / (once + 2 * twice)
    found = (1 - 2 * y * twice / once, 2 - 3 * y * thrice / twice, 3 - 4 * y * four / thrice)
    return np.array([0.0, *(max(0.0, value) for value in found)])
