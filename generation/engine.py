"""What runs a GPT-2: the interface of the three engines, and the way to open one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.component import Engine

OnToken = Callable[[int, int, float], bool]
"""Told the prompt's index, a new token and its log probability; true stops that prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What keeps greedy decoding from running on or round in circles.

    Attributes:
        max_tokens: Per reply.
        repetition_penalty: Divides the logits of tokens that the reply holds already
            (Keskar et al. 2019, arXiv:1909.05858, section 4.1); 1 changes nothing.
        no_repeat: Length of the n-gram that no reply holds twice; 0 allows all.
    """

    max_tokens: int = 48
    repetition_penalty: float = 1.1
    no_repeat: int = 4


class DecodingEngine(Protocol):
    """Runs one GPT-2.

    Decoding is greedy, so that an answer can be repeated, and each prompt is a batch of its own:
    in a padded batch the limits would also count the ends of the longer prompts, and two
    neighbours would change each other's answers.
    """

    def decode(self, prompts: Sequence[Sequence[int]], limits: Limits, on_token: OnToken) -> None:
        """Continue each prompt until a special token, the limit, or ``on_token`` ends it.

        The special token that ends a reply is passed on too, as its last.
        """
        ...

    def score(self, sequences: Sequence[Sequence[int]]) -> list[list[float]]:
        """Log probability (nats) of every token but the first of each sequence."""
        ...

    @property
    def bytes(self) -> int:
        """Size of the weights: of the file for int8, in memory for the others."""
        ...


def open_engine(folder: Path, engine: Engine, ends: Sequence[int]) -> DecodingEngine:
    """Load a GPT-2 folder.

    Args:
        folder: As ``save_pretrained`` wrote it, the special tokens in its vocabulary.
        engine: ``int8`` (CTranslate2), ``float`` or ``bnb`` (8 bit of bitsandbytes).
        ends: Indices of the special tokens; each ends a reply.

    Raises:
        ModelError: The folder is damaged, or bitsandbytes is not installed.
    """
    if engine == "int8":
        from .engine_int8 import Int8Engine

        return Int8Engine(folder, ends)
    from .engine_torch import TorchEngine

    return TorchEngine(folder, ends, eight_bit=engine == "bnb")
