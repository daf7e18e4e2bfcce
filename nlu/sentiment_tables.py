"""Train the n-gram tables of sentiment: one for Latin letters, one for Han characters.

A table is a multinomial logistic regression on hashed n-grams. Beside the encoder it knows
slang and spelling; for a Chinese message it is what reads the words themselves.

Shapes: n = texts, k = columns kept, b = all hashed columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .ngrams import flat
from .sentiment_data import Labelled, chinese_dialogue, chinese_reviews, tweets
from .tensors import Tensors, write_tensors
from .upper_layers import Report

_MOST_COLUMNS = 120_000
_REVIEW_WEIGHT = 0.5


def train_tables(data: Path, folder: Path, report: Report) -> dict[str, float]:
    """Train both tables and save them in ``folder/tables.safetensors``.

    Returns:
        ``val_macro_recall_tables`` and ``cped_test_macro_f1_tables``, in percent, of the
        tables alone.

    Raises:
        DataError: A corpus is missing.
    """
    from sklearn.metrics import f1_score, recall_score

    report("n-gram tables", 0, 2)
    english = train_table([(tweets(data, "train"), 1.0)], strength=3.0)
    report("n-gram tables", 1, 2)
    chinese = train_table(
        [(chinese_dialogue(data, "valid"), 1.0), (chinese_reviews(data), _REVIEW_WEIGHT)],
        strength=3.0,
    )
    report("n-gram tables", 2, 2)
    tensors = {f"en.{key}": value for key, value in english.items()}
    tensors |= {f"zh.{key}": value for key, value in chinese.items()}
    write_tensors(folder / "tables.safetensors", tensors)
    val, cped = tweets(data, "val"), chinese_dialogue(data, "test")
    told = _guesses(english, val.texts)
    told_cped = _guesses(chinese, cped.texts)
    recall = recall_score(val.labels, told, average="macro")
    return {
        "val_macro_recall_tables": 100 * float(recall),
        "cped_test_macro_f1_tables": 100 * float(f1_score(cped.labels, told_cped, average="macro")),
    }


def train_table(corpora: Sequence[tuple[Labelled, float]], *, strength: float) -> Tensors:
    """Fit one table with all classes counting alike.

    Args:
        corpora: Texts, and how much each one counts.
        strength: Inverse of the L2 regularization (``C``).

    Returns:
        ``columns`` ``[k]`` (ascending), ``weights`` ``[k, 3]`` and ``bias`` ``[3]``; of the
        columns that occur, those with the largest weights are kept.
    """
    from sklearn.linear_model import LogisticRegression

    texts = [text for corpus, _ in corpora for text in corpus.texts]
    labels = [label for corpus, _ in corpora for label in corpus.labels]
    share = np.concatenate([np.full(len(corpus.labels), count) for corpus, count in corpora])
    table = flat(texts)
    model = LogisticRegression(C=strength, tol=1e-3, max_iter=60, class_weight="balanced")
    model.fit(table, labels, sample_weight=share)
    seen = np.unique(table.indices)
    weights = model.coef_.T[seen].astype(np.float32)
    largest = np.sort(np.argsort(-np.abs(weights).max(axis=1))[:_MOST_COLUMNS])
    return {
        "columns": seen[largest].astype(np.int32),
        "weights": weights[largest].astype(np.float16),
        "bias": model.intercept_.astype(np.float32),
    }


def _guesses(table: Tensors, texts: Sequence[str]) -> NDArray[np.int64]:
    scores = flat(texts)[:, table["columns"]] @ table["weights"].astype(np.float32)
    best: NDArray[np.int64] = (scores + table["bias"]).argmax(axis=1)
    return best
