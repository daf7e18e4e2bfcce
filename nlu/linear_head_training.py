"""Train a `LinearHead`: multinomial logistic regression; temperature and familiarity on folds.

The temperature is that of Guo et al. 2017, "On calibration of modern neural networks",
section 4.2, fitted to the scores that each third of the data gets from the other two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .familiarity import learn
from .linear_head import TENSORS, features, kinds, softmax
from .logistic import Regression
from .tensors import Tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
_FOLDS = 3
_TEMPERATURES = np.geomspace(0.2, 5.0, 40)


def train_head(
    means: Floats,
    ngrams: csr_matrix,
    translated: NDArray[np.bool_],
    labels: Sequence[str],
    held_out: NDArray[np.bool_] | None = None,
) -> tuple[tuple[str, ...], Tensors]:
    """Train the head.

    Shapes: n = texts, c = classes, k = n-gram columns, d = width of the encoder.

    Args:
        means: ``[n, d]``; zeros for a text that the encoder did not read.
        ngrams: ``[n, k]``.
        translated: ``[n]``, whether the encoder read a translation.
        labels: Of the texts.
        held_out: ``[n]``, texts that the encoder was not adapted to: the temperature is fitted
            on them. Without any it is fitted on three folds.

    Returns:
        The classes, and the tensors that `LinearHead.of` and `Familiarity.of` take.
    """
    table = features(means, ngrams, translated)
    classes = tuple(sorted(set(labels)))
    index = {label: i for i, label in enumerate(classes)}
    targets = np.array([index[label] for label in labels])
    regression = Regression.of(table, targets, len(classes))
    weights, bias = regression.fit(np.arange(len(targets)))
    folds = [
        (known, out, _scores(regression, known, out)) for known, out in _splits(targets, held_out)
    ]
    temperature = _temperature([(scores, targets[out]) for _, out, scores in folds])
    width = means.shape[1]
    values = (
        weights[width:].astype(np.float16),
        weights[:width],
        bias,
        np.array([temperature], dtype=np.float32),
    )
    familiar = learn(table, kinds(means, translated), folds)
    head: Tensors = dict(zip(TENSORS, values, strict=True))
    return classes, head | familiar


def _scores(regression: Regression, known: NDArray[Any], out: NDArray[Any]) -> Floats:
    """Scores ``[out, c]`` of rows by a head that learned from the ``known`` rows alone."""
    weights, bias = regression.fit(known)
    return np.asarray(regression.table[out] @ weights + bias, dtype=np.float32)


def _splits(
    targets: NDArray[Any], held_out: NDArray[np.bool_] | None
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return pairs of rows to learn from and rows to calibrate on."""
    from sklearn.model_selection import StratifiedKFold

    if held_out is not None and held_out.any():
        return [(np.flatnonzero(~held_out), np.flatnonzero(held_out))]
    counts = Counter(targets.tolist())
    rows = np.flatnonzero([counts[target] >= _FOLDS for target in targets])
    if len(set(targets[rows].tolist())) < 2:
        return []
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=7)
    return [(rows[known], rows[out]) for known, out in folds.split(rows, targets[rows])]


def _temperature(judged: Sequence[tuple[Floats, NDArray[Any]]]) -> float:
    """Choose the temperature with the least negative log-likelihood on held-out texts."""
    if not judged:
        return 1.0
    scores, truth = [each for each, _ in judged], [each for _, each in judged]
    logits, rows = np.concatenate(scores), np.arange(sum(map(len, truth)))
    right = np.concatenate(truth)
    losses = [
        -np.log(softmax(logits / value)[rows, right] + 1e-9).mean() for value in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(losses))])
