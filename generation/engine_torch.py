"""GPT-2 in float32, or in 8 bit by bitsandbytes, through transformers."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from assistant.errors import ModelError

from .engine import Limits, OnToken

if TYPE_CHECKING:
    from transformers import GPT2LMHeadModel


_ROWS = 8
"""Sequences that are scored together."""


class TorchEngine:
    """A `DecodingEngine` on PyTorch."""

    def __init__(self, folder: Path, ends: Sequence[int], *, eight_bit: bool = False) -> None:
        self._model = load_network(folder, eight_bit=eight_bit)
        self._ends = frozenset(ends)

    @property
    def bytes(self) -> int:
        """See `DecodingEngine.bytes`."""
        return int(self._model.get_memory_footprint())

    def decode(self, prompts: Sequence[Sequence[int]], limits: Limits, on_token: OnToken) -> None:
        """See `DecodingEngine.decode`."""
        for index, prompt in enumerate(prompts):
            self._decode_one(index, prompt, limits, on_token)

    @torch.inference_mode()
    def _decode_one(
        self, index: int, prompt: Sequence[int], limits: Limits, on_token: OnToken
    ) -> None:
        from transformers import DynamicCache

        device = self._model.device
        processors = _processors(limits)
        written = torch.empty((1, 0), dtype=torch.long, device=device)
        inputs = torch.tensor([list(prompt)], device=device)
        earlier = {_cache_keyword(): DynamicCache(config=self._model.config)}
        for _ in range(limits.max_tokens):
            out = self._model(input_ids=inputs, use_cache=True, **earlier)
            logits = out.logits[:, -1].float()  # [1, v], v = vocabulary
            for processor in processors:
                logits = processor(written, logits)
            log_probs = logits.log_softmax(-1)
            inputs = log_probs.argmax(-1, keepdim=True)
            token = int(inputs)
            if on_token(index, token, float(log_probs[0, token])) or token in self._ends:
                return
            written = torch.cat([written, inputs], dim=1)

    @torch.inference_mode()
    def score(self, sequences: Sequence[Sequence[int]]) -> list[list[float]]:
        """See `DecodingEngine.score`."""
        scores: list[list[float]] = []
        for start in range(0, len(sequences), _ROWS):
            rows = [list(sequence) for sequence in sequences[start : start + _ROWS]]
            wide = max(map(len, rows))
            # Padding stands on the right, where causal attention never looks.
            ids = torch.tensor([row + [row[0]] * (wide - len(row)) for row in rows])
            ids = ids.to(self._model.device)
            logits: Tensor = self._model(input_ids=ids).logits[:, :-1].float()
            picked = logits.gather(2, ids[:, 1:, None])[..., 0] - logits.logsumexp(-1)
            scores += [
                [float(value) for value in values[: len(row) - 1]]
                for row, values in zip(rows, picked, strict=True)
            ]
        return scores


@cache
def _cache_keyword() -> str:
    """What the installed transformers calls the argument for earlier keys and values."""
    from transformers import GPT2LMHeadModel

    known = inspect.signature(GPT2LMHeadModel.forward).parameters
    return "cache" if "cache" in known else "past_key_values"


def _processors(limits: Limits) -> list[Any]:
    from transformers import NoRepeatNGramLogitsProcessor, RepetitionPenaltyLogitsProcessor

    found: list[Any] = [RepetitionPenaltyLogitsProcessor(limits.repetition_penalty)]
    if limits.no_repeat:
        found.append(NoRepeatNGramLogitsProcessor(limits.no_repeat))
    return found


def quieten_bitsandbytes() -> None:
    """Keep back its notes: each 8-bit product says that it casts its input, many times a token."""
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)


def load_network(folder: Path, *, eight_bit: bool = False) -> GPT2LMHeadModel:
    """Load a GPT-2 folder as a PyTorch model in evaluation mode.

    Raises:
        ModelError: The folder does not fit together, or bitsandbytes is not installed.
    """
    from transformers import BitsAndBytesConfig, GPT2LMHeadModel
    from transformers.utils import logging as noise

    noise.disable_progress_bar()
    options: dict[str, Any] = {"dtype": torch.float32}
    if eight_bit:
        if find_spec("bitsandbytes") is None:
            raise ModelError(
                "--engine bnb needs bitsandbytes. Install it: pip install 'trilogue[bnb]'"
            )
        quieten_bitsandbytes()
        options["quantization_config"] = BitsAndBytesConfig(load_in_8bit=True)
        options["device_map"] = "auto" if torch.cuda.is_available() else "cpu"
    try:
        model: GPT2LMHeadModel = GPT2LMHeadModel.from_pretrained(str(folder), **options)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"{folder}: is no GPT-2 that can be loaded ({reason}).") from error
    model.eval()
    return model
