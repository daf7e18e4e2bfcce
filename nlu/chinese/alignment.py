"""Give each Chinese piece a first row: the mixture of the English rows that translate it.

Source: IBM model 1 (Brown et al. 1993, "The mathematics of statistical machine translation",
section 4.1); rows as mixtures of known rows: Minixhofer et al. 2022, "WECHSEL", arXiv:2112.06598.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_ROUNDS = 6
_BEST = 4
_SHARPNESS = 1.5
_LONGEST = 30


def first_rows(
    chinese: Sequence[Sequence[int]], english: Sequence[Sequence[int]], count: int, table: Floats
) -> Floats:
    """Return rows ``[n, d]`` for the Chinese pieces.

    Shapes: n = Chinese pieces, v = English pieces, d = width of the encoder.

    Args:
        chinese: For each sentence pair its Chinese pieces, from 0 to n - 1.
        english: Its English pieces, from 0 to v - 1.
        count: n.
        table: ``[v, d]``, the encoder's embedding rows.
    """
    pairs = _cooccurrences(chinese, english)
    zh, en, expected = _expected_counts(*pairs, width=len(table))
    usual = float(np.linalg.norm(table, axis=1).mean())
    rows = np.tile(table.mean(axis=0), (count, 1)).astype(np.float32)
    order = np.lexsort((-expected, zh))
    starts = np.searchsorted(zh[order], np.arange(count + 1))
    for piece in range(count):
        best = order[starts[piece] : starts[piece + 1]][:_BEST]
        if len(best):
            weights = expected[best] ** _SHARPNESS
            row = (weights[:, None] * table[en[best]]).sum(axis=0)
            rows[piece] = row * (usual / np.linalg.norm(row))
    return rows


def _cooccurrences(
    chinese: Sequence[Sequence[int]], english: Sequence[Sequence[int]]
) -> tuple[Ints, Ints, Ints]:
    """List every (Chinese piece, English piece) of each pair, and whose sum each belongs to."""
    zh, en, owner, owners = [], [], [], 0
    for left, right in zip(chinese, english, strict=True):
        ours, theirs = sorted(set(left)), sorted(set(right))
        if ours and theirs and len(ours) <= _LONGEST and len(theirs) <= _LONGEST:
            zh.append(np.repeat(ours, len(theirs)))
            en.append(np.tile(theirs, len(ours)))
            owner.append(np.repeat(np.arange(owners, owners + len(ours)), len(theirs)))
            owners += len(ours)
    return np.concatenate(zh), np.concatenate(en), np.concatenate(owner)


def _expected_counts(
    zh: Ints, en: Ints, owner: Ints, *, width: int
) -> tuple[Ints, Ints, NDArray[Any]]:
    """Run expectation-maximisation of p(Chinese | English); returns pieces and their counts."""
    keys, places = np.unique(zh * width + en, return_inverse=True)
    pieces, words = keys // width, keys % width
    probability: NDArray[Any] = np.ones(len(keys))
    counts: NDArray[Any] = probability
    for _ in range(_ROUNDS):
        share = probability[places]
        share /= np.bincount(owner, share)[owner]
        counts = np.bincount(places, share)
        probability = counts / np.bincount(words, counts, minlength=width)[words]
    return pieces, words, counts
