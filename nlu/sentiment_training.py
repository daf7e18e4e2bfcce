"""Train the sentiment that ships: LoRA in the upper half of the encoder, and n-gram tables.

The merged encoder is also what intents and entities are read with, so that a message is encoded
once. A second term of the loss therefore keeps each sentence embedding where it was. The loss is
the cross-entropy of logits adjusted by the log prior (Menon et al. 2021, arXiv:2007.07314,
section 4.2), which aims at macro-recall.

Shapes: n = texts, t = word pieces, d = width of the encoder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .encoder import encoder_folder
from .sentiment_data import LABELS, Labelled, tweets
from .sentiment_evaluation import settle_shares
from .sentiment_tables import train_tables
from .upper_layers import Lower, Report, UpperLayers, parts, shuffled_batches

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_LONGEST = 72
_CHUNK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The numbers of the recipe, looked at on the validation tweets only.

    Attributes:
        cut: Layers below this one stay frozen.
        rank: Of the adapter.
        batch: Tweets in a step; one pass is made over all.
        rate: Peak learning rate of AdamW.
        keep: Weight of the term that keeps sentence embeddings.
        seed: Of order and initial weights.
    """

    cut: int = 3
    rank: int = 16
    batch: int = 32
    rate: float = 8e-4
    keep: float = 3.0
    seed: int = 7


def train_sentiment(
    data: Path, folder: Path, *, report: Report | None = None, recipe: Recipe | None = None
) -> dict[str, float]:
    """Train on the tweets and the Chinese sets and save the adapter in ``folder``.

    A run that was cut off goes on after the last 4,096 tweets (``folder/work/checkpoint.pt``).

    Args:
        data: The data folder with ``nlu/``.
        folder: Receives ``adapter/``, ``head.safetensors``, ``tables.safetensors`` and
            ``sentiment.json``.
        report: Told ``(what, done, of)``.
        recipe: Other numbers than the chosen ones.

    Returns:
        Scores on held-out data, as ``sentiment.json`` keeps them.

    Raises:
        DataError: A corpus is missing.
    """
    import torch

    recipe = recipe or Recipe()
    report = report or (lambda _what, _done, _of: None)
    train, val = tweets(data, "train"), tweets(data, "val")
    (folder / "work").mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    network = Network(recipe)
    fit(network, train, recipe, folder / "work" / "checkpoint.pt", report)
    network.save(folder)
    scores = network.score(val) | train_tables(data, folder, report)
    described = {"labels": LABELS, "recipe": asdict(recipe), "scores": scores}
    (folder / "sentiment.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    return dict(settle_shares(data, folder)["scores"])


class Network:
    """The encoder with an adapter in its upper layers, and a head of attention pooling."""

    def __init__(self, recipe: Recipe) -> None:
        from torch import nn

        self.upper = UpperLayers(encoder_folder(None), cut=recipe.cut, rank=recipe.rank)
        self.query = nn.Linear(self.upper.width, 1)
        self.out = nn.Linear(self.upper.width, len(LABELS))

    def parameters(self) -> list[torch.nn.Parameter]:
        """What is trained."""
        return [*self.upper.parameters(), *self.query.parameters(), *self.out.parameters()]

    def logits(self, states: Tensor) -> Tensor:
        """Pool ``[n, t, d]`` by attention with one query and map to ``[n, 3]``."""
        weights = self.query(states).softmax(dim=1)
        logits: Tensor = self.out((weights * states).sum(dim=1))
        return logits

    def score(self, labelled: Labelled) -> dict[str, float]:
        """Macro-recall in percent, and the mean cosine of sentence embeddings before and after."""
        import torch
        from sklearn.metrics import recall_score

        truth: list[int] = []
        guesses: list[int] = []
        kept: list[float] = []
        before = self.lower(labelled.texts)
        self.upper.model.eval()
        with torch.inference_mode():
            for group in before:
                for places in parts(range(len(group.rows)), 128):
                    states = self.upper.run(group.states[places].float())
                    guesses += self.logits(states).argmax(dim=-1).tolist()
                    truth += [labelled.labels[i] for i in group.rows[places].tolist()]
                    means = group.means[places]
                    kept += torch.cosine_similarity(states.mean(dim=1), means).tolist()
        recall = recall_score(truth, guesses, average="macro")
        return {"val_macro_recall_encoder": 100 * float(recall), "kept": float(np.mean(kept))}

    def lower(self, texts: Sequence[str]) -> list[Lower]:
        """Run the frozen layers, and the unchanged upper ones for the means."""
        with self.upper.model.disable_adapter():
            return self.upper.lower(texts, longest=_LONGEST, report=lambda *_: None)

    def save(self, folder: Path) -> None:
        """Write the adapter as peft does, and the head."""
        from .tensors import write_tensors

        self.upper.save(folder / "adapter")
        layers = {"query": self.query, "out": self.out}
        write_tensors(
            folder / "head.safetensors",
            {
                f"{name}.{key}": tensor.detach().numpy()
                for name, layer in layers.items()
                for key, tensor in layer.state_dict().items()
            },
        )


def fit(
    network: Network, train: Labelled, recipe: Recipe, checkpoint: Path, report: Report
) -> None:
    """Make one pass over the tweets in chunks; a checkpoint is written after each."""
    import torch

    labels = torch.tensor(train.labels)
    prior = (torch.bincount(labels) / len(labels)).log()
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=0.01)
    order = np.random.default_rng(recipe.seed).permutation(len(labels)).tolist()
    done = _resume(checkpoint, network, optimizer)
    for chunk in parts(order[done:], _CHUNK):
        groups = network.lower([train.texts[i] for i in chunk])
        own = labels[chunk]
        network.upper.model.train()
        for group, places in shuffled_batches(groups, size=recipe.batch, epochs=1, seed=done):
            share = done / len(order)
            rate = recipe.rate * min(1.0, (done + 1) / 3000) * (1 - share)
            optimizer.param_groups[0]["lr"] = rate
            loss = _loss(network, group, places, own[group.rows[places]], prior, recipe.keep)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            done += len(places)
            report(f"training, loss {float(loss.detach()):.2f}", done, len(order))
        _save(checkpoint, network, optimizer, done)


def _loss(
    network: Network, group: Lower, places: list[int], labels: Tensor, prior: Tensor, keep: float
) -> Tensor:
    import torch

    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = network.upper.run(group.states[places].float())
    states = states.float()
    moved = 1 - torch.cosine_similarity(states.mean(dim=1), group.means[places])
    fit_loss = torch.nn.functional.cross_entropy(network.logits(states) + prior, labels)
    return fit_loss + keep * moved.mean()


def _save(path: Path, network: Network, optimizer: torch.optim.Optimizer, done: int) -> None:
    import torch

    tensors = [parameter.data for parameter in network.parameters()]
    torch.save({"tensors": tensors, "optimizer": optimizer.state_dict(), "done": done}, path)


def _resume(path: Path, network: Network, optimizer: torch.optim.Optimizer) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    for parameter, tensor in zip(network.parameters(), state["tensors"], strict=True):
        parameter.data.copy_(tensor)
    optimizer.load_state_dict(state["optimizer"])
    return int(state["done"])
