"""A calibrated multinomial classifier on the sentence embedding and the n-grams.

Shapes: n = texts, c = classes, k = n-gram columns seen in training, d = width of the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Intent

from .tensors import Tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
# The embedding counts this much beside n-gram blocks of length 1; chosen on 10-shot BANKING77.
EMBEDDING_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class LinearHead:
    """The trained numbers.

    Attributes:
        labels: Names of the classes.
        sparse: ``[k, c]``.
        dense: ``[d, c]``.
        bias: ``[c]``.
        temperature: Divides the scores, so that confidences say how often they are right.
    """

    labels: tuple[str, ...]
    sparse: Floats
    dense: Floats
    bias: Floats
    temperature: float

    @classmethod
    def of(cls, labels: tuple[str, ...], name: str, tensors: Tensors) -> LinearHead:
        """Take the weights called ``name`` from a model's tensors."""
        sparse, dense, bias, temperature = (
            tensors[each].astype(np.float32) for each in tensor_names(name)
        )
        return cls(labels, sparse, dense, bias, float(temperature[0]))

    def rank(self, means: Floats, ngrams: csr_matrix) -> list[tuple[Intent, ...]]:
        """Return for each text all classes, most probable first.

        Args:
            means: ``[n, d]``, sentence embeddings.
            ngrams: ``[n, k]``, weighted n-grams.
        """
        scores = ngrams @ self.sparse + EMBEDDING_WEIGHT * means @ self.dense + self.bias
        return [self._ranked(row) for row in softmax(scores / self.temperature)]

    def _ranked(self, row: Floats) -> tuple[Intent, ...]:
        order = np.argsort(-row, kind="stable")
        return tuple(Intent(name=self.labels[i], confidence=float(row[i])) for i in order)


def tensor_names(name: str) -> tuple[str, str, str, str]:
    """Names of a head's tensors in a model's file."""
    return (f"{name}.sparse", f"{name}.dense", f"{name}.bias", f"{name}.temperature")


def softmax(scores: Floats) -> Floats:
    """Turn scores ``[n, c]`` into probabilities."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
