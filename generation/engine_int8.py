"""GPT-2 in 8 bit on a CPU, by CTranslate2."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.engines import int8_folder
from assistant.errors import ModelError

from .dialogue_format import load_tokenizer
from .engine import Limits, OnToken

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Below this size of the weights a matrix is too small to be shared out between cores; the cores
# then take one prompt each.
_SMALL = 50_000_000


class Int8Engine:
    """A `DecodingEngine` on CTranslate2's int8 weights."""

    def __init__(self, folder: Path, ends: Sequence[int]) -> None:
        import ctranslate2

        converted = int8_folder(folder)
        self._tokenizer: Tokenizer = load_tokenizer(converted)
        self._ends = list(ends)
        self._weights = converted / "model.bin"
        cores = min(4, len(os.sched_getaffinity(0)))
        each = 1 if self.bytes < _SMALL else cores
        try:
            self._model = ctranslate2.Generator(
                str(converted),
                compute_type="int8",
                inter_threads=max(1, cores // each),
                intra_threads=each,
            )
        except RuntimeError as error:
            raise ModelError(
                f"{converted}: the converted model is damaged ({error}). "
                "Delete that folder; it is made again."
            ) from error

    @property
    def bytes(self) -> int:
        """See `DecodingEngine.bytes`."""
        return self._weights.stat().st_size

    def decode(self, prompts: Sequence[Sequence[int]], limits: Limits, on_token: OnToken) -> None:
        """See `DecodingEngine.decode`."""
        if not prompts:
            return

        def step(result: Any) -> bool:  # noqa: ANN401 - the library has no types
            return on_token(result.batch_id, result.token_id, result.log_prob)

        self._model.generate_batch(
            [self._pieces(prompt) for prompt in prompts],
            max_batch_size=1,
            max_length=limits.max_tokens,
            repetition_penalty=limits.repetition_penalty,
            no_repeat_ngram_size=limits.no_repeat,
            end_token=self._ends,
            include_prompt_in_result=False,
            return_scores=True,
            callback=step,
        )

    def score(self, sequences: Sequence[Sequence[int]]) -> list[list[float]]:
        """See `DecodingEngine.score`."""
        pieces = [self._pieces(sequence) for sequence in sequences]
        results = self._model.score_batch(pieces, max_batch_size=2048, batch_type="tokens")
        return [list(result.log_probs) for result in results]

    def _pieces(self, ids: Sequence[int]) -> list[str]:
        return [self._tokenizer.id_to_token(index) or "" for index in ids]
