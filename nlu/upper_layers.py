"""Adapt the upper layers of an encoder with LoRA; the frozen lower ones are run only once.

Texts of equal length share a tensor, so nothing is ever padded.

Shapes: n = texts, t = word pieces, d = width of the encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .adapters import third_party_warnings_off
from .encoder import load_tokenizer

if TYPE_CHECKING:
    from torch import Tensor, nn

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Lower:
    """Texts of one length after the frozen layers.

    Attributes:
        rows: Index of each text.
        states: ``[n, t, d]`` in bfloat16, after the frozen layers.
        means: ``[n, d]``, mean over the pieces after the last layer of the unchanged encoder.
    """

    rows: Tensor
    states: Tensor
    means: Tensor


class UpperLayers:
    """An encoder with a LoRA adapter in the layers from ``cut`` on."""

    def __init__(self, folder: Path, *, cut: int, rank: int) -> None:
        with third_party_warnings_off():
            from peft import LoraConfig, get_peft_model
        from transformers import AutoModel
        from transformers.utils import logging

        logging.disable_progress_bar()
        encoder = AutoModel.from_pretrained(str(folder), dtype="float32")
        # On a CPU the fused attention is slower backwards at chat lengths.
        encoder.set_attn_implementation("eager")
        count = encoder.config.num_hidden_layers
        self.cut = min(cut, count - 1)
        self.width = int(encoder.config.hidden_size)
        config = LoraConfig(
            r=rank, lora_alpha=2 * rank, lora_dropout=0.05,
            target_modules=["query", "key", "value", "dense"],
            layers_to_transform=list(range(self.cut, count)), layers_pattern="layer",
        )  # fmt: skip
        with third_party_warnings_off():
            self.model: Any = get_peft_model(encoder, config)
        self._tokenizer = load_tokenizer(folder)

    @property
    def _encoder(self) -> Any:  # noqa: ANN401 - the network inside peft's wrapper
        return self.model.base_model.model

    def parameters(self) -> list[nn.Parameter]:
        """The adapter's parameters."""
        return [each for each in self.model.parameters() if each.requires_grad]

    def run(self, states: Tensor) -> Tensor:
        """Run the adapted layers on ``[n, t, d]``."""
        for layer in self._encoder.encoder.layer[self.cut :]:
            states = layer(states)
        return states

    def lower(self, texts: Sequence[str], *, longest: int, report: Report) -> list[Lower]:
        """Run the frozen layers, and once the unchanged upper ones for the means."""
        import torch

        self._tokenizer.enable_truncation(longest)
        ids = [piece.ids for piece in self._tokenizer.encode_batch(list(texts))]
        by_length: dict[int, list[int]] = {}
        for i, row in enumerate(ids):
            by_length.setdefault(len(row), []).append(i)
        self.model.eval()
        found, done = [], 0
        for members in by_length.values():
            states, means = [], []
            for part in parts(members, 128):
                batch = torch.tensor([ids[i] for i in part])
                with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                    lower = self._encoder.embeddings(input_ids=batch)
                    for layer in self._encoder.encoder.layer[: self.cut]:
                        lower = layer(lower)
                    means.append(self.run(lower).float().mean(dim=1))
                states.append(lower.bfloat16())
                done += len(part)
                report("reading", done, len(ids))
            found.append(Lower(torch.tensor(members), torch.cat(states), torch.cat(means)))
        return found

    def save(self, folder: Path) -> None:
        """Write the adapter as peft does, without the path of the encoder."""
        self.model.peft_config["default"].base_model_name_or_path = None
        self.model.save_pretrained(str(folder))
        (folder / "README.md").unlink(missing_ok=True)


def parts(rows: Sequence[int], size: int) -> Iterator[list[int]]:
    """Cut rows into parts of at most ``size``."""
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])


def shuffled_batches(
    groups: Sequence[Lower], *, size: int, epochs: int, seed: int
) -> list[tuple[Lower, list[int]]]:
    """List (group, places in it) for all epochs, in random order within an epoch."""
    rng = np.random.default_rng(seed)
    batches: list[tuple[Lower, list[int]]] = []
    for _ in range(epochs):
        epoch = [
            (group, part)
            for group in groups
            for part in parts(rng.permutation(len(group.rows)).tolist(), size)
        ]
        batches += [epoch[i] for i in rng.permutation(len(epoch))]
    return batches
