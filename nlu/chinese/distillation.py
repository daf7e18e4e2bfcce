"""Train the Chinese rows so that a sentence is read as its English translation is.

Only the rows learn; the encoder is frozen. The target is the English sentence embedding, as in
Reimers and Gurevych 2020, arXiv:2004.09813, beside a contrast with the other sentences of the
batch (van den Oord et al. 2018, arXiv:1807.03748).

Shapes: n = pieces, b = sentences of a batch, t = pieces of a sentence, d = width.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.float32]
Report = Callable[[float], None]
BATCH = 96
POOL = 20_000
RATE = 2e-3
WARMUP = 50
CONTRAST = 0.1
TEMPERATURE = 0.05
_SAVE_EVERY = 200


class RowsModel:
    """A frozen encoder that takes some of its embeddings from rows that learn.

    Args:
        folder: The encoder.
        rows: ``[n, d]``, first values.
        places: Number of each piece in the extended vocabulary.
    """

    def __init__(self, folder: Path, rows: Floats, places: Sequence[int]) -> None:
        import torch
        from transformers import AutoModel

        self.encoder: Any = AutoModel.from_pretrained(str(folder), dtype="float32").eval()
        # On a CPU the fused attention is slower backwards at chat lengths.
        self.encoder.set_attn_implementation("eager")
        self.encoder.requires_grad_(requires_grad=False)
        self.table = self.encoder.get_input_embeddings().weight
        self.rows = torch.nn.Embedding.from_pretrained(
            torch.from_numpy(rows.copy()), freeze=False, sparse=True
        )
        self._row_of = {place: row for row, place in enumerate(places)}

    def means(self, ids: Sequence[Sequence[int]]) -> Tensor:
        """Sentence embeddings ``[b, d]`` of length 1; all sentences have equal length."""
        import torch

        pieces = torch.tensor(ids)
        own = torch.tensor([[self._row_of.get(i, -1) for i in row] for row in ids])
        known = self.table[pieces.clamp(max=len(self.table) - 1)]
        embedded = torch.where(own[..., None] >= 0, self.rows(own.clamp(min=0)), known)
        states = self.encoder(
            inputs_embeds=embedded, attention_mask=torch.ones_like(pieces)
        ).last_hidden_state
        return torch.nn.functional.normalize(states.mean(dim=1), dim=-1)


def distil(
    model: RowsModel,
    chinese: Sequence[Sequence[int]],
    targets: Sequence[int],
    english: Floats,
    *,
    minutes: float,
    checkpoint: Path,
    report: Report,
) -> Floats:
    """Train the rows for a while and return them, ``[n, d]``.

    Args:
        model: Encoder and rows.
        chinese: Pieces of each Chinese sentence.
        targets: Which row of ``english`` each sentence translates.
        english: ``[·, d]``, sentence embeddings of length 1.
        minutes: Core-minutes, over all resumed runs.
        checkpoint: Where rows and time are kept, so that a run that was cut off goes on.
        report: Told the core-seconds that are spent.
    """
    import torch

    optimizer = torch.optim.SparseAdam(model.rows.parameters(), lr=RATE)
    spent = _resume(checkpoint, model)
    goals = torch.from_numpy(english)
    last = time.process_time()
    try:
        for step, group in enumerate(_batches(chinese, random.Random(7))):
            share = spent / (minutes * 60)
            if share >= 1:
                break
            rate = RATE * min(1.0, (step + 1) / WARMUP) * min(1.0, 2 * (1 - share))
            optimizer.param_groups[0]["lr"] = rate
            goal = [targets[i] for i in group]
            loss = _loss(model.means([chinese[i] for i in group]), goals[goal], goal)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            now = time.process_time()
            spent, last = spent + now - last, now
            report(spent)
            if step % _SAVE_EVERY == _SAVE_EVERY - 1:
                _save(checkpoint, model, spent)
    finally:  # an interrupted run goes on from here
        _save(checkpoint, model, spent)
    return np.asarray(model.rows.weight.detach().numpy())


def _loss(means: Tensor, goals: Tensor, numbers: Sequence[int]) -> Tensor:
    """Distance to the own goals ``[b, d]``, and a little contrast with those of the others."""
    import torch

    distance = 1 - (means * goals).sum(dim=-1).mean()
    number = torch.tensor(numbers)
    twins = (number[:, None] == number[None]) & ~torch.eye(len(number), dtype=torch.bool)
    scores = (means @ goals.T / TEMPERATURE).masked_fill(twins, -1e4)
    contrast = torch.nn.functional.cross_entropy(scores, torch.arange(len(number)))
    return distance + CONTRAST * contrast


def _batches(sentences: Sequence[Sequence[int]], rng: random.Random) -> Iterator[list[int]]:
    """Yield sentences of equal length for ever, in random order."""
    order = list(range(len(sentences)))
    while True:
        rng.shuffle(order)
        for start in range(0, len(order), POOL):
            by_length: dict[int, list[int]] = {}
            for i in order[start : start + POOL]:
                by_length.setdefault(len(sentences[i]), []).append(i)
            groups = [
                members[first : first + BATCH]
                for members in by_length.values()
                for first in range(0, len(members), BATCH)
            ]
            rng.shuffle(groups)
            yield from groups


def _resume(checkpoint: Path, model: RowsModel) -> float:
    import torch
    from safetensors.torch import load_file

    if not checkpoint.exists():
        return 0.0
    found = load_file(str(checkpoint))
    with torch.no_grad():
        model.rows.weight.copy_(found["rows"])
    return float(found["seconds"])


def _save(checkpoint: Path, model: RowsModel, seconds: float) -> None:
    import torch
    from safetensors.torch import save_file

    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    draft = checkpoint.with_suffix(".draft")
    save_file({"rows": model.rows.weight.detach(), "seconds": torch.tensor(seconds)}, str(draft))
    draft.replace(checkpoint)
