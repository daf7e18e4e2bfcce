"""A calibrated multinomial classifier on the sentence embedding and the n-grams.

Shapes: n = texts, c = classes, k = n-gram columns seen in training, d = width of the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Intent

from .familiarity import Familiarity
from .tensors import Tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
# What the parts count beside each other; n-gram blocks have length 1. A translation says less
# than the author's words, and a text that the encoder cannot read has n-grams alone: there the
# n-grams count more. Chosen on 10-shot BANKING77 and on folds of the starter bot.
EMBEDDING_WEIGHT = 3.0
TRANSLATED_WEIGHT = 1.5
OWN_NGRAMS = 1.3
FOREIGN_NGRAMS = 3.5
# Of the messages that belong to the bot, this share may lose confidence as unfamiliar.
REJECTED = 0.03
TENSORS = ("intents.sparse", "intents.dense", "intents.bias", "intents.temperature")


@dataclass(frozen=True, slots=True)
class LinearHead:
    """The trained numbers.

    Attributes:
        labels: Names of the classes: ``"greet"``, ``"faq/warranty"``.
        sparse: ``[k, c]``.
        dense: ``[d, c]``.
        bias: ``[c]``.
        temperature: Divides the scores, so that confidences say how often they are right.
        familiarity: Takes confidence from messages that are like nothing in the examples.
    """

    labels: tuple[str, ...]
    sparse: Floats
    dense: Floats
    bias: Floats
    temperature: float
    familiarity: Familiarity

    @classmethod
    def of(cls, labels: tuple[str, ...], tensors: Tensors) -> LinearHead:
        """Take the weights from a model's tensors."""
        sparse, dense, bias, temperature = (tensors[name].astype(np.float32) for name in TENSORS)
        familiarity = Familiarity.of(tensors, len(dense) + len(sparse))
        return cls(labels, sparse, dense, bias, float(temperature[0]), familiarity)

    def rank(
        self, means: Floats, ngrams: csr_matrix, translated: NDArray[np.bool_]
    ) -> list[tuple[Intent, ...]]:
        """Return for each text all classes, most probable first.

        Args:
            means: ``[n, d]``, sentence embeddings; zeros for a text that was not read.
            ngrams: ``[n, k]``, weighted n-grams.
            translated: ``[n]``, whether the embedding is that of a translation.
        """
        table = features(means, ngrams, translated)
        width = means.shape[1]
        scores = table[:, :width] @ self.dense + table[:, width:] @ self.sparse + self.bias
        shares = self.familiarity.shares(table, scores, kinds(means, translated))
        known = np.minimum(1.0, shares / REJECTED)
        return [self._ranked(row) for row in softmax(scores / self.temperature) * known[:, None]]

    def _ranked(self, row: Floats) -> tuple[Intent, ...]:
        order = np.argsort(-row, kind="stable")
        return tuple(Intent(name=self.labels[i], confidence=float(row[i])) for i in order)


def features(means: Floats, ngrams: csr_matrix, translated: NDArray[np.bool_]) -> csr_matrix:
    """Put the two kinds of features side by side: ``[n, d + k]``.

    Args:
        means: ``[n, d]``, sentence embeddings; zeros for a text that was not read.
        ngrams: ``[n, k]``, weighted n-grams.
        translated: ``[n]``, whether the embedding is that of a translation.
    """
    from scipy.sparse import csr_matrix, diags, hstack

    foreign = translated | ~means.any(axis=1)
    dense = means * np.where(translated, TRANSLATED_WEIGHT, EMBEDDING_WEIGHT)[:, None]
    stretched = diags(np.where(foreign, FOREIGN_NGRAMS, OWN_NGRAMS)) @ ngrams
    return hstack([csr_matrix(dense), stretched], format="csr", dtype=np.float32)


def kinds(means: Floats, translated: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Tell how the encoder read each text: 0 as it is, 1 in translation, 2 not at all."""
    return np.where(means.any(axis=1), translated.astype(np.int8), np.int8(2))


def by_intent(
    ranked: tuple[Intent, ...],
) -> tuple[tuple[Intent, ...], dict[str, tuple[Intent, ...]]]:
    """Sum the keys of retrieval intents.

    Returns:
        The intents, most probable first; and for each retrieval intent its keys, ranked, with
        their probabilities given that intent.
    """
    total: dict[str, float] = {}
    keys: dict[str, list[Intent]] = {}
    for each in ranked:
        name = each.name.split("/", 1)[0]
        total[name] = total.get(name, 0.0) + each.confidence
        if name != each.name:
            keys.setdefault(name, []).append(each)
    intents = sorted(total, key=lambda name: -total[name])
    return (
        tuple(Intent(name=name, confidence=min(1.0, total[name])) for name in intents),
        {
            name: tuple(
                Intent(name=key.name, confidence=key.confidence / max(total[name], 1e-12))
                for key in found
            )
            for name, found in keys.items()
        },
    )


def softmax(scores: Floats) -> Floats:
    """Turn scores ``[n, c]`` into probabilities."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
