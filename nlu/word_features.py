"""What a word and its neighbours look like, as hashed features for tagging.

Follows the usual features of CRF taggers (window of words, affixes, shape), with single Han
characters as words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .patterns import Patterns
from .words import Word

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BUCKETS = 2**15
_SHAPES = ((re.compile(r"[^\W\d_a-z]"), "X"), (re.compile(r"[a-z]"), "x"), (re.compile(r"\d"), "0"))


def hashed(rows: Sequence[Sequence[str]]) -> csr_matrix:
    """Hash named features: ``[words, buckets]`` of zeros and ones."""
    return _hasher().transform(rows)


@cache
def _hasher() -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.feature_extraction import FeatureHasher

    return FeatureHasher(BUCKETS, input_type="string", alternate_sign=False, dtype=np.float32)


def word_features(text: str, words: Sequence[Word], patterns: Patterns) -> list[list[str]]:
    """Name the features of each word of ``text``."""
    plain = ["<s>", "<s>", *(_plain(word.text) for word in words), "</s>", "</s>"]
    shapes = ["<s>", "<s>", *(_shape(word.text) for word in words), "</s>", "</s>"]
    evidence = patterns.evidence(text, words)
    rows = []
    for i, word in enumerate(words):
        before = text[words[i - 1].end : word.start] if i else " "
        rows.append(
            [
                "bias",
                f"glued {not before}",
                *_own(plain[i + 2], shapes[i + 2]),
                *_window(plain, i + 2, "w"),
                *(f"s{step} {shapes[i + 2 + step]}" for step in (-2, -1, 1, 2)),
                f"s-1,0,1 {' '.join(shapes[i + 1 : i + 4])}",
                *evidence[i],
                *(f"-1 {each}" for each in (evidence[i - 1] if i else ())),
                *(f"+1 {each}" for each in (evidence[i + 1] if i + 1 < len(words) else ())),
            ]
        )
    return rows


def _plain(word: str) -> str:
    return "0" * len(word) if word.isdigit() else word.lower()


def _shape(word: str) -> str:
    if len(word) == 1 and not word.isascii():
        return "han" if word.isalpha() else word
    shape = word
    for pattern, mark in _SHAPES:
        shape = pattern.sub(mark, shape)
    return shape if word.isdigit() else re.sub(r"(.)\1+", r"\1\1", shape)


def _own(word: str, shape: str) -> list[str]:
    affixes = [f"pre {word[:n]}" for n in (1, 2, 3)] + [f"suf {word[-n:]}" for n in (2, 3)]
    return [f"w {word}", f"s {shape}", *(affixes if len(word) > 3 else ())]


def _window(plain: Sequence[str], i: int, mark: str) -> list[str]:
    near = [f"{mark}{step} {plain[i + step]}" for step in (-2, -1, 1, 2)]
    pairs = [
        f"{mark}-1,0 {plain[i - 1]} {plain[i]}",
        f"{mark}0,1 {plain[i]} {plain[i + 1]}",
        f"{mark}-2,-1 {plain[i - 2]} {plain[i - 1]}",
        f"{mark}1,2 {plain[i + 1]} {plain[i + 2]}",
    ]
    return near + pairs
