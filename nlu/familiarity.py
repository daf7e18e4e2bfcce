"""Tell how familiar a message is: whether it could be one of the bot's intents at all.

The score adds, in standard deviations, the mean cosine to the three nearest examples and the
energy of the head's scores (Liu et al. 2020, "Energy-based out-of-distribution detection",
section 3). No out-of-scope example is needed: the score is read as the share of held-out examples
that were less familiar. Chosen among sixteen scores on the validation part of CLINC150.

Messages that the encoder read in translation, or not at all, are compared with their like.

Shapes: m = messages, n = examples, c = classes, d + k = columns of the features, g = kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .tensors import Tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Kinds = NDArray[np.int8]
NEAREST = 3
MOST_EXAMPLES = 20_000
_QUANTILES = 201
_KINDS = 3
# With fewer held-out examples, a kind is judged by those of all kinds.
_FEWEST = 40
TENSORS = (
    "familiar.data",
    "familiar.indices",
    "familiar.indptr",
    "familiar.moments",
    "familiar.quantiles",
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Examples, laid out so that cosines to them are quick.

    Attributes:
        filled: ``[f]``, the columns that most examples have: those of the embedding.
        dense: ``[f, n]``, their values; a product of arrays is far quicker than a sparse one.
        sparse: ``[d + k, n]``, the values of all other columns.
    """

    filled: NDArray[np.intp]
    dense: Floats
    sparse: csr_matrix

    @classmethod
    def of(cls, examples: csr_matrix) -> Neighbours:
        """Lay examples out, ``[n, d + k]``, each row of length 1."""
        from scipy.sparse import csr_matrix

        counts = np.bincount(examples.indices, minlength=examples.shape[1])
        filled = np.flatnonzero(2 * counts > examples.shape[0])
        dense = np.ascontiguousarray(examples[:, filled].toarray().T)
        cells = examples.tocoo()
        other = ~np.isin(cells.col, filled)
        places = cells.col[other], cells.row[other]
        sparse = csr_matrix((cells.data[other], places), shape=examples.shape[::-1])
        return cls(filled, dense, sparse)

    def nearness(self, table: csr_matrix) -> Floats:
        """Mean cosine of messages, ``[m, d + k]``, to the nearest examples: ``[m]``."""
        from sklearn.preprocessing import normalize

        messages, kept = normalize(table), min(NEAREST, self.sparse.shape[1])
        found = np.zeros(messages.shape[0], dtype=np.float32)
        for start in range(0, len(found), 512):
            some = messages[start : start + 512]
            cosines = some[:, self.filled].toarray() @ self.dense + (some @ self.sparse).toarray()
            best = np.partition(cosines, -kept, axis=1)[:, -kept:]
            found[start : start + 512] = best.mean(axis=1)
        return found


@dataclass(frozen=True, slots=True)
class Familiarity:
    """What is compared with.

    Attributes:
        neighbours: The examples.
        moments: ``[g, 4]``: mean and standard deviation of the nearness, then of the energy.
        quantiles: ``[g, 201]``, of the scores of held-out examples, from the lowest to the
            highest; ``[0, 0]`` where there were too few examples to hold any out.
    """

    neighbours: Neighbours
    moments: Floats
    quantiles: Floats

    @classmethod
    def of(cls, tensors: Tensors, columns: int) -> Familiarity:
        """Take the numbers from a model's tensors."""
        from scipy.sparse import csr_matrix

        data, indices, indptr, moments, quantiles = (tensors[name] for name in TENSORS)
        shape = (len(indptr) - 1, columns)
        examples = csr_matrix((data.astype(np.float32), indices, indptr), shape=shape)
        return cls(
            Neighbours.of(examples), moments.astype(np.float32), quantiles.astype(np.float32)
        )

    def shares(self, table: csr_matrix, scores: Floats, kinds: Kinds) -> Floats:
        """Return for each message the share of held-out examples that were less familiar.

        Args:
            table: ``[m, d + k]``, features of the messages.
            scores: ``[m, c]``, of the head.
            kinds: ``[m]``: 0 read as it is, 1 read in translation, 2 not read by the encoder.

        Returns:
            ``[m]`` in [0, 1]; all 1 where nothing could be held out.
        """
        if self.quantiles.size == 0:
            return np.ones(scores.shape[0], dtype=np.float32)
        near, force = self.neighbours.nearness(table), energy(scores)
        places = np.linspace(0.0, 1.0, _QUANTILES)
        found = np.zeros(len(near), dtype=np.float32)
        for kind in set(kinds.tolist()):
            own = kinds == kind
            raw = _sum(near[own], force[own], self.moments[kind])
            found[own] = np.interp(raw, self.quantiles[kind], places)
        return found


def learn(
    table: csr_matrix,
    kinds: Kinds,
    held_out: Sequence[tuple[NDArray[Any], NDArray[Any], Floats]],
) -> Tensors:
    """Measure what held-out examples look like.

    Args:
        table: ``[n, d + k]``, features of all examples.
        kinds: ``[n]``, as for `Familiarity.shares`.
        held_out: For each fold: the rows that a head learned from, those held out, and the scores
            ``[·, c]`` that it gave to these.
    """
    from sklearn.preprocessing import normalize

    moments = np.zeros((0, 4), dtype=np.float32)
    quantiles = np.zeros((0, 0), dtype=np.float32)
    unit = normalize(table)
    if held_out:
        rows = np.concatenate([out for _, out, _ in held_out])
        near = np.concatenate(
            [Neighbours.of(unit[known]).nearness(unit[out]) for known, out, _ in held_out]
        )
        force = np.concatenate([energy(scores) for _, _, scores in held_out])
        judged = []
        for kind in range(_KINDS):
            own = kinds[rows] == kind
            own = own if own.sum() >= _FEWEST else np.ones_like(own)
            judged.append(_distribution(near[own], force[own]))
        moments = np.stack([each for each, _ in judged])
        quantiles = np.stack([each for _, each in judged])
    kept = _few(unit)
    values = (
        kept.data.astype(np.float16), kept.indices.astype(np.int32), kept.indptr.astype(np.int64),
        moments, quantiles,
    )  # fmt: skip
    return dict(zip(TENSORS, values, strict=True))


def _distribution(near: Floats, force: Floats) -> tuple[Floats, Floats]:
    """Moments ``[4]`` and quantiles ``[201]`` of held-out examples."""
    spread = [max(float(each.std()), 1e-6) for each in (near, force)]
    moments = np.array([near.mean(), spread[0], force.mean(), spread[1]], dtype=np.float32)
    places = np.linspace(0.0, 1.0, _QUANTILES)
    return moments, np.quantile(_sum(near, force, moments), places).astype(np.float32)


def energy(scores: Floats) -> Floats:
    """Log of the summed exponentials of the scores, ``[m]``."""
    top = scores.max(axis=1)
    total = np.exp(scores - top[:, None]).sum(axis=1)
    return np.asarray(np.log(total) + top, dtype=np.float32)


def _sum(near: Floats, force: Floats, moments: Floats) -> Floats:
    mean, spread, mean_force, spread_force = moments
    return np.asarray((near - mean) / spread + (force - mean_force) / spread_force, np.float32)


def _few(examples: csr_matrix) -> csr_matrix:
    """Keep at most a bounded number of examples, evenly over the files."""
    if examples.shape[0] <= MOST_EXAMPLES:
        return examples
    rows = np.linspace(0, examples.shape[0] - 1, MOST_EXAMPLES).astype(int)
    return examples[np.unique(rows)]
