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
from .sentiment import SentimentReader
from .settings import NluSettings
from .upper_layers import Lower, UpperLayers, shuffled_batches

if TYPE_CHECKING:
    from torch import Tensor

_CUT = 3
_BATCH = 16
_RATE = 1.5e-3
_LONGEST = 64
_SCALE = 16.0
_SEED = 7


@dataclass(frozen=True, slots=True)
class SentimentHead:
    """The shipped head as torch tensors: attention pooling ``query``, then ``out``."""

    query: Tensor
    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, reader: SentimentReader) -> SentimentHead:
        """Take the numbers that serve."""
        import torch

        return cls(*(torch.from_numpy(each) for each in (reader.query, reader.weight, reader.bias)))

    def log_chances(self, states: Tensor) -> Tensor:
        """``[n, t, d]`` to log-probabilities ``[n, 3]``."""
        weights = (states @ self.query).softmax(dim=1)
        pooled = (weights[:, :, None] * states).sum(dim=1)
        return (pooled @ self.weight.T + self.bias).log_softmax(dim=-1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the adapter learns from.

    Shapes: n = texts of one length, c = classes, d = width.

    Attributes:
        groups: Texts after the frozen layers.
        targets: Class of each text.
        centres: ``[c, d]``, mean embedding of each class, of length 1.
        feelings: For each group, what the sentiment head says ``[n, 3]`` before the adaptation.
    """

    groups: list[Lower]
    targets: Tensor
    centres: Tensor
    feelings: list[Tensor]


def adapt_encoder(
    base: Path,
    examples: Sequence[tuple[str, str]],
    folder: Path,
    settings: NluSettings,
    tools: Tools,
    *,
    sentiment: SentimentHead | None,
) -> Path:
    """Train an adapter, save it in ``folder``, and return the merged encoder's folder.

    Args:
        base: The encoder to adapt.
        examples: Texts as the encoder reads them, and the intent of each with its key.
        folder: Receives the adapter.
        settings: Rank and epochs.
        tools: Told how it goes.
        sentiment: The head whose reading is kept, where ``base`` carries it.
    """
    import torch

    torch.manual_seed(_SEED)
    tools.notice("Adapting the encoder with LoRA")
    upper = UpperLayers(base, cut=_CUT, rank=settings.rank)
    texts, labels = zip(*examples, strict=True)
    lesson = _lesson(upper, texts, labels, sentiment, tools)
    weights = torch.nn.Parameter(lesson.centres)
    optimizer = torch.optim.AdamW(
        [{"params": upper.parameters()}, {"params": [weights]}], lr=_RATE, weight_decay=0.01
    )
    numbers = {id(group): i for i, group in enumerate(lesson.groups)}
    batches = shuffled_batches(lesson.groups, size=_BATCH, epochs=settings.epochs, seed=_SEED)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 30) * (1 - step / len(batches))
    )
    upper.model.train()
    for step, (group, places) in enumerate(batches):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = upper.run(group.states[places].float())
        states = states.float()
        loss = _intent_loss(states, weights, lesson.targets[group.rows[places]])
        if sentiment is not None:
            before = lesson.feelings[numbers[id(group)]][places]
            loss = loss + _moved(sentiment.log_chances(states), before)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        tools.tick("adapting", step + 1, len(batches))
    upper.save(folder)
    return merged_encoder(base, [folder])


def _lesson(
    upper: UpperLayers,
    texts: Sequence[str],
    labels: Sequence[str],
    sentiment: SentimentHead | None,
    tools: Tools,
) -> Lesson:
    """Run the frozen layers, and everything that is asked of the unchanged encoder."""
    import torch

    groups = upper.lower(texts, longest=_LONGEST, report=tools.tick)
    classes = {label: i for i, label in enumerate(sorted(set(labels)))}
    targets = torch.tensor([classes[label] for label in labels])
    rows = torch.cat([group.rows for group in groups])
    means = torch.cat([group.means for group in groups])
    sums = torch.zeros(len(classes), upper.width).index_add(0, targets[rows], means)
    feelings: list[Tensor] = []
    if sentiment is not None:
        with torch.no_grad():
            feelings = [sentiment.log_chances(upper.run(group.states.float())) for group in groups]
    return Lesson(groups, targets, torch.nn.functional.normalize(sums, dim=1), feelings)


def _intent_loss(states: Tensor, weights: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of scaled cosines between sentence embeddings and class weights."""
    from torch.nn import functional

    means = functional.normalize(states.mean(dim=1), dim=1)
    scores = _SCALE * means @ functional.normalize(weights, dim=1).T
    return functional.cross_entropy(scores, targets)


def _moved(told: Tensor, before: Tensor) -> Tensor:
    """Kullback-Leibler divergence of log-probabilities ``[n, 3]`` from those of before."""
    from torch.nn import functional

    return functional.kl_div(told, before, log_target=True, reduction="batchmean")
