"""Train the sentiment that ships: LoRA in the upper half of the encoder, and n-gram tables.

The merged encoder is also what intents and entities are read with, so that a message is encoded
once. A second term of the loss therefore keeps each sentence embedding where it was. The lower
half is frozen: its states are computed once. The loss is the cross-entropy of logits adjusted by
the log prior (Menon et al. 2021, arXiv:2007.07314, section 4.2), which aims at macro-recall.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .encoder import MAX_PIECES, encoder_folder
from .sentiment_data import LABELS, Labelled, tweets
from .sentiment_tables import train_tables

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

Report = Callable[[str, int, int], None]
_LONGEST = 72


@dataclass(kw_only=True)
class Recipe:
    """The numbers of the recipe, chosen on the validation tweets."""

    cut: int = 3
    rank: int = 16
    epochs: int = 2
    batch: int = 32
    rate: float = 8e-4
    keep: float = 3.0
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Cached:
    """Texts of one length after the frozen layers.

    Shapes: n = texts, t = word pieces, d = width.

    Attributes:
        states: ``[n, t, d]`` in bfloat16.
        means: ``[n, d]``, sentence embeddings of the unchanged encoder.
        labels: ``[n]``.
    """

    states: Tensor
    means: Tensor
    labels: Tensor


def train_sentiment(
    data: Path, folder: Path, *, report: Report | None = None, recipe: Recipe | None = None
) -> dict[str, float]:
    """Train on the tweets and the Chinese sets and save the adapter in ``folder``.

    A run that was cut off goes on after its last part of an epoch (``folder/work``).

    Args:
        data: The data folder with ``nlu/``.
        folder: Receives ``adapter/``, ``head.safetensors``, ``tables.safetensors``, ``sentiment.json``.
        report: Told ``(what, done, of)``.
        recipe: Other numbers than the chosen ones.

    Returns:
        Validation scores: ``encoder``, ``both`` (macro-recall in percent), ``kept`` (mean cosine
        of sentence embeddings before and after).

    Raises:
        DataError: A corpus is missing.
    """
    import torch

    recipe = recipe or Recipe()
    report = report or (lambda _what, _done, _of: None)
    torch.manual_seed(recipe.seed)
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    network = new_network(recipe)
    train = cache_states(network, tweets(data, "train"), report)
    val = cache_states(network, tweets(data, "val"), report)
    fit(network, train, val, recipe, work, report)
    network.save(folder)
    scores = network.score(val)
    scores |= train_tables(data, folder, report)
    (folder / "sentiment.json").write_text(json.dumps({"labels": LABELS} | scores, indent=1))
    return scores


class Network:
    """The encoder with an adapter in its upper layers, and a head of attention pooling."""

    def __init__(self, model: nn.Module, head: nn.ModuleDict, cut: int) -> None:
        self.model: Any = model
        self.head = head
        self.cut = cut

    @property
    def layers(self) -> Any:  # noqa: ANN401 - a ModuleList inside peft's wrapper
        """The transformer layers."""
        return self.model.base_model.model.encoder.layer

    def parameters(self) -> list[nn.Parameter]:
        """What is trained."""
        return [p for p in [*self.model.parameters(), *self.head.parameters()] if p.requires_grad]

    def upper(self, states: Tensor) -> Tensor:
        """Run the layers above the cut on ``[n, t, d]``."""
        for layer in self.layers[self.cut :]:
            states = layer(states)
        return states

    def logits(self, states: Tensor) -> Tensor:
        """Attention pooling and a linear layer: ``[n, t, d]`` to ``[n, 3]``."""
        weights = self.head["query"](states).softmax(dim=1)
        out: Tensor = self.head["out"]((weights * states).sum(dim=1))
        return out

    def score(self, cached: list[Cached]) -> dict[str, float]:
        """Macro-recall in percent, and how near the sentence embeddings stayed."""
        import torch
        from sklearn.metrics import recall_score

        self.model.eval()
        truth, guesses, kept = [], [], []
        with torch.inference_mode():
            for group in cached:
                states = self.upper(group.states.float())
                guesses += self.logits(states).argmax(dim=-1).tolist()
                truth += group.labels.tolist()
                kept += torch.cosine_similarity(states.mean(dim=1), group.means).tolist()
        recall = recall_score(truth, guesses, average="macro")
        return {"encoder": 100 * float(recall), "kept": float(np.mean(kept))}

    def save(self, folder: Path) -> None:
        """Write the adapter as peft does, and the head."""
        from safetensors.torch import save_file

        self.model.save_pretrained(str(folder / "adapter"))
        (folder / "adapter" / "README.md").unlink(missing_ok=True)
        tensors = {name: tensor.contiguous() for name, tensor in self.head.state_dict().items()}
        save_file(tensors, str(folder / "head.safetensors"))


def new_network(recipe: Recipe) -> Network:
    """Put a fresh adapter and head on the built-in encoder."""
    from peft import LoraConfig, get_peft_model
    from torch import nn
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(str(encoder_folder(None)), dtype="float32")
    layers = list(range(recipe.cut, encoder.config.num_hidden_layers))
    config = LoraConfig(
        r=recipe.rank, lora_alpha=2 * recipe.rank, lora_dropout=0.05,
        target_modules=["query", "key", "value", "dense"], layers_to_transform=layers,
        layers_pattern="layer",
    )  # fmt: skip
    width = encoder.config.hidden_size
    head = nn.ModuleDict({"query": nn.Linear(width, 1), "out": nn.Linear(width, len(LABELS))})
    return Network(get_peft_model(encoder, config), head, recipe.cut)


def cache_states(network: Network, labelled: Labelled, report: Report) -> list[Cached]:
    """Run the frozen layers once; texts of equal length share a tensor, so nothing is padded."""
    import torch

    from .encoder import _load_tokenizer

    tokenizer = _load_tokenizer(encoder_folder(None))
    tokenizer.enable_truncation(min(_LONGEST, MAX_PIECES))
    ids = [piece.ids for piece in tokenizer.encode_batch(labelled.texts)]
    by_length: dict[int, list[int]] = {}
    for i, row in enumerate(ids):
        by_length.setdefault(len(row), []).append(i)
    network.model.eval()
    embed = network.model.base_model.model.embeddings
    cached, done = [], 0
    for members in by_length.values():
        states, means = [], []
        for start in range(0, len(members), 128):
            rows = torch.tensor([ids[i] for i in members[start : start + 128]])
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                lower = embed(input_ids=rows)
                for layer in network.layers[: network.cut]:
                    lower = layer(lower)
                means.append(network.upper(lower).float().mean(dim=1))
            states.append(lower.bfloat16())
            done += len(rows)
            report("reading", done, len(ids))
        labels = torch.tensor([labelled.labels[i] for i in members])
        cached.append(Cached(torch.cat(states), torch.cat(means), labels))
    return cached


def fit(
    network: Network,
    train: list[Cached],
    val: list[Cached],
    recipe: Recipe,
    work: Path,
    report: Report,
) -> None:
    """Train adapter and head; a checkpoint is written every 200 steps."""
    import torch

    batches = [
        (group, torch.tensor(part))
        for _ in range(recipe.epochs)
        for group in train
        for part in _parts(len(group.labels), recipe.batch)
    ]
    random.Random(recipe.seed).shuffle(batches)
    labels = torch.cat([group.labels for group in train])
    prior = (torch.bincount(labels, minlength=len(LABELS)) / len(labels)).log()
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=0.01)
    first = _resume(work / "checkpoint.pt", network, optimizer)
    network.model.train()
    for step in range(first, len(batches)):
        rate = recipe.rate * min(1.0, (step + 1) / 100) * (1 - step / len(batches))
        optimizer.param_groups[0]["lr"] = rate
        group, rows = batches[step]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = network.upper(group.states[rows].float())
        loss = _loss(network, states.float(), group, rows, prior, recipe.keep)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        report(f"training, loss {float(loss):.3f}", step + 1, len(batches))
        if (step + 1) % 200 == 0:
            _checkpoint(work / "checkpoint.pt", network, optimizer, step + 1)
        if (step + 1) % 500 == 0:
            report(f"validation {network.score(val)}", step + 1, len(batches))
            network.model.train()


def _parts(rows: int, size: int) -> list[list[int]]:
    order = np.random.default_rng(rows).permutation(rows).tolist()
    return [order[start : start + size] for start in range(0, rows, size)]


def _loss(
    network: Network, states: Tensor, group: Cached, rows: Tensor, prior: Tensor, keep: float
) -> Tensor:
    import torch
    from torch.nn import functional

    logits = network.logits(states) + prior
    moved = 1 - torch.cosine_similarity(states.mean(dim=1), group.means[rows])
    return functional.cross_entropy(logits, group.labels[rows]) + keep * moved.mean()


def _checkpoint(path: Path, network: Network, optimizer: torch.optim.Optimizer, step: int) -> None:
    import torch

    tensors = [parameter.data for parameter in network.parameters()]
    torch.save({"tensors": tensors, "optimizer": optimizer.state_dict(), "step": step}, path)


def _resume(path: Path, network: Network, optimizer: torch.optim.Optimizer) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    for parameter, tensor in zip(network.parameters(), state["tensors"], strict=True):
        parameter.data.copy_(tensor)
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])
