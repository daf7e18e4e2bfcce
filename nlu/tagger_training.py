"""Train the linear-chain CRF with AdamW on batches of like lengths.

Features of single words are dropped at random, so that context and shape learn to stand alone
and unseen names are found as well.

Shapes: b = sentences, w = words, g = tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .tags import valid_transitions
from .tensors import Tensors
from .word_features import BUCKETS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from torch import Generator, Tensor

EPOCHS = 16
LEAST_STEPS = 300
_BATCH = 32
_DROPPED = 0.25
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Tagged:
    """One sentence: hashed features ``[w, f]``, encoder states ``[w, d]``, tags ``[w]``."""

    features: csr_matrix
    states: NDArray[np.float32]
    tags: list[int]


def train_tagger(
    sentences: Sequence[Tagged],
    names: tuple[str, ...],
    *,
    seed: int = 7,
    tick: Callable[[int, int], None] = lambda _done, _of: None,
) -> Tensors:
    """Return the tensors that `Tagger.of` takes.

    Args:
        sentences: At least one; empty ones are left out.
        names: Of the tags.
        seed: Of the order and the dropped features.
        tick: Told ``(done, of)`` after every epoch.
    """
    import torch

    rng = np.random.default_rng(seed)
    random = torch.Generator().manual_seed(seed)
    sentences = [each for each in sentences if each.tags]
    crf = _Crf(names, width=sentences[0].states.shape[1])
    optimizer = torch.optim.AdamW(
        [
            {"params": [crf.sparse], "lr": 0.02, "weight_decay": 0.01},
            {"params": [crf.dense], "lr": 0.004, "weight_decay": 0.1},
            {"params": [crf.start, crf.follow], "lr": 0.02, "weight_decay": 0.01},
        ]
    )
    batches = list(_batches(sentences))
    epochs = max(EPOCHS, -(-LEAST_STEPS // len(batches)))
    steps = epochs * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    for epoch in range(epochs):
        for i in rng.permutation(len(batches)):
            loss = crf.loss(batches[i], random)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
        tick(epoch + 1, epochs)
    return {
        "tagger.sparse": crf.sparse.detach().numpy().astype(np.float16),
        "tagger.dense": crf.dense.detach().numpy(),
        "tagger.start": crf.start.detach().numpy(),
        "tagger.follow": crf.follow.detach().numpy(),
    }


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sentences padded on the right.

    Attributes:
        buckets: Feature numbers of all words, one word after the other.
        begins: Where each word's features begin in ``buckets``.
        states: ``[words of all sentences, d]``.
        place: ``[b, w]``, row of each word; the last row, a zero, for padding.
        tags: ``[b, w]``, 0 for padding.
        mask: ``[b, w]``, false for padding.
    """

    buckets: Tensor
    begins: Tensor
    states: Tensor
    place: Tensor
    tags: Tensor
    mask: Tensor


class _Crf:
    def __init__(self, names: tuple[str, ...], *, width: int) -> None:
        import torch

        may_start, may_follow = (torch.from_numpy(each) for each in valid_transitions(names))
        self.never_start = (~may_start) * _NEVER
        self.never_follow = (~may_follow) * _NEVER
        tags = len(names)
        self.sparse = torch.zeros(BUCKETS, tags, requires_grad=True)
        self.dense = torch.zeros(width, tags, requires_grad=True)
        self.start = torch.zeros(tags, requires_grad=True)
        self.follow = torch.zeros(tags, tags, requires_grad=True)

    def loss(self, batch: _Batch, random: Generator) -> Tensor:
        """Mean negative log-likelihood of a batch's tags."""
        import torch
        from torch.nn import functional

        kept = torch.rand(len(batch.buckets), generator=random).gt(_DROPPED).float()
        sparse = functional.embedding_bag(
            batch.buckets, self.sparse, batch.begins, mode="sum",
            per_sample_weights=kept / (1 - _DROPPED),
        )  # fmt: skip
        flat = sparse + batch.states @ self.dense
        flat = torch.cat([flat, flat.new_zeros(1, flat.shape[1])])
        scores = flat[batch.place]  # [b, w, g]
        return (self._total(scores, batch.mask) - self._gold(scores, batch)).mean()

    def _total(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Log of the sum over all taggings: the forward algorithm."""
        ahead = scores[:, 0] + self.start + self.never_start
        follow = self.follow + self.never_follow
        for i in range(1, scores.shape[1]):
            step = (ahead[:, :, None] + follow).logsumexp(dim=1) + scores[:, i]
            ahead = step.where(mask[:, i, None], ahead)
        return ahead.logsumexp(dim=1)

    def _gold(self, scores: Tensor, batch: _Batch) -> Tensor:
        """Score of the given tags."""
        own = scores.gather(2, batch.tags[:, :, None]).squeeze(2) * batch.mask
        moves = self.follow[batch.tags[:, :-1], batch.tags[:, 1:]] * batch.mask[:, 1:]
        return self.start[batch.tags[:, 0]] + own.sum(dim=1) + moves.sum(dim=1)


def _batches(sentences: Sequence[Tagged]) -> Iterator[_Batch]:
    ordered = sorted(sentences, key=lambda each: len(each.tags))
    for start in range(0, len(ordered), _BATCH):
        yield _padded(ordered[start : start + _BATCH])


def _padded(group: Sequence[Tagged]) -> _Batch:
    import torch

    lengths = [len(each.tags) for each in group]
    words, wide = sum(lengths), max(lengths)
    place = torch.full((len(group), wide), words)
    tags = torch.zeros((len(group), wide), dtype=torch.long)
    row = 0
    for i, each in enumerate(group):
        place[i, : lengths[i]] = torch.arange(row, row + lengths[i])
        tags[i, : lengths[i]] = torch.tensor(each.tags)
        row += lengths[i]
    counts = np.concatenate([np.diff(each.features.indptr) for each in group])
    buckets = np.concatenate([each.features.indices for each in group]).astype(np.int64)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    return _Batch(
        buckets=torch.from_numpy(buckets),
        begins=torch.from_numpy(begins),
        states=torch.from_numpy(np.concatenate([each.states for each in group])),
        place=place,
        tags=tags,
        mask=place.ne(words),
    )
