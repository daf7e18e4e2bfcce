"""Train a `LinearHead`: multinomial logistic regression, and a temperature on held-out folds.

The temperature is that of Guo et al. 2017, "On calibration of modern neural networks",
section 4.2, fitted to the scores that each third of the data gets from the other two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .linear_head import TENSORS, features, softmax
from .tensors import Tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
_FOLDS = 3
_TEMPERATURES = np.geomspace(0.2, 5.0, 40)


def train_head(
    means: Floats, ngrams: csr_matrix, labels: Sequence[str]
) -> tuple[tuple[str, ...], Tensors]:
    """Train the head.

    Shapes: n = texts, c = classes, k = n-gram columns, d = width of the encoder.

    Args:
        means: ``[n, d]``; zeros for a text that the encoder did not read.
        ngrams: ``[n, k]``.
        labels: Of the texts.

    Returns:
        The classes, and the tensors that `LinearHead.of` takes.
    """
    table = features(means, ngrams)
    classes = tuple(sorted(set(labels)))
    index = {label: i for i, label in enumerate(classes)}
    targets = np.array([index[label] for label in labels])
    weights, bias = _fit(table, targets, len(classes))
    temperature = _temperature(table, targets, len(classes))
    width = means.shape[1]
    values = (
        weights[width:].astype(np.float16),
        weights[:width],
        bias,
        np.array([temperature], dtype=np.float32),
    )
    return classes, dict(zip(TENSORS, values, strict=True))


def _fit(table: csr_matrix, targets: NDArray[Any], classes: int) -> tuple[Floats, Floats]:
    """Return weights ``[columns, c]`` and bias ``[c]``; a class without texts gets a low bias."""
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((table.shape[1], classes), dtype=np.float32)
    bias = np.full(classes, -10.0, dtype=np.float32)
    present = np.unique(targets)
    if len(present) == 1:
        bias[present] = 0.0
        return weights, bias
    model = LogisticRegression(C=30.0, tol=1e-3, max_iter=200)
    model.fit(table, targets)
    coefficients, intercept = model.coef_, model.intercept_
    if len(present) == 2:  # one row speaks for both
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    weights[:, present] = coefficients.T
    bias[present] = intercept
    return weights, bias


def _temperature(table: csr_matrix, targets: NDArray[Any], classes: int) -> float:
    """Choose the temperature with the least negative log-likelihood on held-out texts."""
    from sklearn.model_selection import StratifiedKFold

    counts = Counter(targets.tolist())
    enough = np.array([counts[target] >= _FOLDS for target in targets])
    table, targets = table[enough], targets[enough]
    if len(set(targets.tolist())) < 2:
        return 1.0
    scores = np.zeros((len(targets), classes), dtype=np.float32)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=7)
    for known, held_out in folds.split(table, targets):
        weights, bias = _fit(table[known], targets[known], classes)
        scores[held_out] = table[held_out] @ weights + bias
    rows = np.arange(len(targets))
    losses = [
        -np.log(softmax(scores / value)[rows, targets] + 1e-9).mean() for value in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(losses))])
