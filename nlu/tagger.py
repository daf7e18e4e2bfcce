"""A linear-chain CRF over words, as it serves: scores, best valid tags, their probabilities.

Source: Lafferty, McCallum and Pereira 2001, "Conditional random fields". Training is in
`nlu.tagger_training`; this file needs numpy alone.

Shapes: w = words, g = tags, f = hashed features, d = width of the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .tags import valid_transitions
from .tensors import Tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
TENSORS = ("tagger.sparse", "tagger.dense", "tagger.start", "tagger.follow")
_NEVER = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Tagger:
    """The trained numbers.

    Attributes:
        names: Of the ``g`` tags.
        sparse: ``[f, g]``, weights of hashed features.
        dense: ``[d, g]``, weights of encoder states.
        start: ``[g]``, score of a tag at the first word.
        follow: ``[g, g]``, score of a tag (second axis) after another.
    """

    names: tuple[str, ...]
    sparse: Floats
    dense: Floats
    start: Floats
    follow: Floats

    @classmethod
    def of(cls, names: tuple[str, ...], tensors: Tensors) -> Tagger:
        """Take the weights from a model's tensors; invalid transitions get a score of -10,000."""
        sparse, dense, start, follow = (tensors[name].astype(np.float32) for name in TENSORS)
        may_start, may_follow = valid_transitions(names)
        return cls(
            names=names,
            sparse=sparse,
            dense=dense,
            start=np.where(may_start, start, _NEVER),
            follow=np.where(may_follow, follow, _NEVER),
        )

    def scores(self, features: csr_matrix, states: Floats) -> Floats:
        """Score each tag at each word: ``[w, g]``."""
        return np.asarray(features @ self.sparse + states @ self.dense, dtype=np.float32)

    def decode(self, scores: Floats) -> tuple[list[int], Floats]:
        """Return the best valid tags, and the marginal probability ``[w, g]`` of each tag."""
        if not len(scores):
            return [], scores
        best = scores[0] + self.start
        back = []
        for row in scores[1:]:
            paths = best[:, None] + self.follow
            back.append(paths.argmax(axis=0))
            best = paths.max(axis=0) + row
        tags = [int(best.argmax())]
        for step in reversed(back):
            tags.append(int(step[tags[-1]]))
        return tags[::-1], self._marginals(scores)

    def _marginals(self, scores: Floats) -> Floats:
        """Forward and backward sums in log space."""
        ahead = np.empty_like(scores)
        ahead[0] = scores[0] + self.start
        for i in range(1, len(scores)):
            ahead[i] = scores[i] + _log_sum(ahead[i - 1][:, None] + self.follow, axis=0)
        behind = np.zeros_like(scores)
        for i in range(len(scores) - 2, -1, -1):
            behind[i] = _log_sum(self.follow + (scores[i + 1] + behind[i + 1])[None, :], axis=1)
        total = ahead + behind
        return np.asarray(np.exp(total - _log_sum(total, axis=1)[:, None]), dtype=np.float32)


def _log_sum(values: Floats, *, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    summed = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return np.asarray(summed, dtype=np.float32)
