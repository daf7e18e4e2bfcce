"""Word and character n-grams, hashed: they read every language, whatever the encoder knows.

A Han character counts as a word, so that Chinese gives single characters and pairs. Digits count
as zeros. Each of the two blocks has length 1 after weighting by inverse document frequency.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = rf"[{HAN}]|[^\W{HAN}]+|[^\w\s]"
_HAN = re.compile(f"[{HAN}]")
# Addresses, links, codes and numbers belong to no language.
_CODE = re.compile(r"[\w.%+#/:-]*[@\d][\w.%+#@/:-]*", re.ASCII)
_DIGIT = re.compile(r"\d")
# A text with this share of Han characters among its letters is Chinese.
CHINESE_FROM = 0.3
_BUCKETS = 2**17


def han_share(text: str) -> float:
    """Share of Han characters among the letters of ``text``, in [0, 1]."""
    text = _CODE.sub("", text)
    letters = sum(char.isalpha() for char in text)
    return len(_HAN.findall(text)) / letters if letters else 0.0


def is_chinese(text: str) -> bool:
    """Whether Han characters are a good part of the letters of ``text``."""
    return han_share(text) >= CHINESE_FROM


def counts(texts: Sequence[str]) -> csr_matrix:
    """Count n-grams: ``[texts, 2 * buckets]``, words (1-2) first, then characters (2-5)."""
    from scipy.sparse import hstack

    plain = [_DIGIT.sub("0", text.lower()) for text in texts]
    return hstack([each.transform(plain) for each in _hashers()], format="csr", dtype=np.float32)


@cache
def _hashers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    shared: dict[str, Any] = {
        "n_features": _BUCKETS, "norm": None, "alternate_sign": False, "lowercase": False,
        "dtype": np.float32,
    }  # fmt: skip
    return (
        HashingVectorizer(token_pattern=_WORD, ngram_range=(1, 2), **shared),
        HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared),
    )


def inverse_document_frequency(found: csr_matrix) -> NDArray[np.float32]:
    """Smoothed IDF of each column: ``ln((1 + n) / (1 + df)) + 1``."""
    frequency = np.bincount(found.indices, minlength=found.shape[1])
    idf = np.log((1 + found.shape[0]) / (1 + frequency)) + 1
    return np.asarray(idf, dtype=np.float32)


def weighted(found: csr_matrix, idf: NDArray[np.float32]) -> csr_matrix:
    """Damp counts (``1 + ln``), weigh by IDF, and give each block of a row the length 1."""
    from scipy.sparse import hstack
    from sklearn.preprocessing import normalize

    result = found.copy()
    result.data = (1 + np.log(result.data)) * idf[result.indices]
    blocks = [result[:, :_BUCKETS], result[:, _BUCKETS:]]
    return hstack([normalize(block) for block in blocks], format="csr", dtype=np.float32)


def flat(texts: Sequence[str]) -> csr_matrix:
    """n-grams ``[texts, 2 * buckets]`` that all weigh alike, for tables that keep no IDF."""
    found = counts(texts)
    return weighted(found, np.ones(found.shape[1], dtype=np.float32))
