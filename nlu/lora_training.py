"""Adapt the encoder to a bot with LoRA before its heads are trained.

The adapter learns to tell the bot's intents apart (a linear layer on the sentence embedding,
which is thrown away afterwards). What sentiment reads is kept by distillation: on the bot's own
examples the sentiment head must say of the adapted states what it said of the former ones
(Hinton et al. 2015, arXiv:1503.02531).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.component import Tools

from .adapters import merged_encoder
from .settings import NluSettings
from .shared_encoder import SENTIMENT
from .upper_layers import UpperLayers, shuffled_batches

if TYPE_CHECKING:
    from torch import Tensor

_CUT = 3
_BATCH = 16
_RATE = 1.5e-3
_LONGEST = 64
_SCALE = 16.0


@dataclass(frozen=True, slots=True)
class SentimentHead:
    """The shipped head as torch tensors: attention pooling ``query``, then ``out``."""

    query: Tensor
    weight: Tensor
    bias: Tensor

    @classmethod
    def load(cls, folder: Path) -> SentimentHead | None:
        """Read ``head.safetensors``; ``None`` where the encoder carries no sentiment."""
        from safetensors.torch import load_file

        if not (folder / "head.safetensors").exists():
            return None
        found = load_file(str(folder / "head.safetensors"))
        return cls(found["query.weight"][0], found["out.weight"], found["out.bias"])

    def log_chances(self, states: Tensor) -> Tensor:
        """``[n, t, d]`` to log-probabilities ``[n, 3]``."""
        weights = (states @ self.query).softmax(dim=1)
        pooled = (weights[:, :, None] * states).sum(dim=1)
        return (pooled @ self.weight.T + self.bias).log_softmax(dim=-1)


def adapt_encoder(
    base: Path,
    texts: Sequence[str],
    labels: Sequence[str],
    folder: Path,
    settings: NluSettings,
    tools: Tools,
    *,
    carries_sentiment: bool,
) -> Path:
    """Train an adapter, save it in ``folder``, and return the merged encoder's folder.

    Args:
        base: The encoder to adapt.
        texts: As the encoder reads them.
        labels: Intent of each text, with its retrieval key.
        folder: Receives the adapter.
        settings: Rank and epochs.
        tools: Told how it goes.
        carries_sentiment: Whether ``base`` is the encoder that sentiment is read from.
    """
    import torch

    torch.manual_seed(7)
    tools.notice("Adapting the encoder with LoRA")
    upper = UpperLayers(base, cut=_CUT, rank=settings.rank)
    groups = upper.lower(texts, longest=_LONGEST, report=tools.tick)
    classes = sorted(set(labels))
    targets = torch.tensor([classes.index(label) for label in labels])
    means = torch.cat([group.means for group in groups])
    order = torch.cat([group.rows for group in groups])
    centres = torch.stack([means[targets[order] == i].mean(dim=0) for i in range(len(classes))])
    weights = torch.nn.Parameter(torch.nn.functional.normalize(centres, dim=1))
    sentiment = SentimentHead.load(SENTIMENT) if carries_sentiment else None
    optimizer = torch.optim.AdamW(
        [{"params": upper.parameters()}, {"params": [weights]}], lr=_RATE, weight_decay=0.01
    )
    batches = shuffled_batches(groups, size=_BATCH, epochs=settings.epochs, seed=7)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 30) * (1 - step / len(batches))
    )
    for step, (group, places) in enumerate(batches):
        states = group.states[places].float()
        with torch.no_grad(), upper.model.disable_adapter():
            before = sentiment.log_chances(upper.run(states)) if sentiment else None
        upper.model.train()
        after = upper.run(states)
        loss = _intent_loss(after, weights, targets[group.rows[places]])
        if sentiment and before is not None:
            told = sentiment.log_chances(after)
            loss = loss + torch.nn.functional.kl_div(
                told, before, log_target=True, reduction="batchmean"
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        tools.tick("adapting", step + 1, len(batches))
    upper.save(folder)
    return merged_encoder(base, [folder])


def _intent_loss(states: Tensor, weights: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of scaled cosines between sentence embeddings and class weights."""
    from torch.nn import functional

    means = functional.normalize(states.mean(dim=1), dim=1)
    return functional.cross_entropy(
        _SCALE * means @ functional.normalize(weights, dim=1).T, targets
    )
