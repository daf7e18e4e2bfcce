"""Writes replies: the `Generator` of the contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.component import Engine
from assistant.config import GenerationConfig
from assistant.messages import Draft, Prompt

from .context import encode_context
from .dialogue_format import special_ids
from .engine import DecodingEngine, Limits, open_engine
from .gpt2_folder import context_length, open_tokenizer
from .guards import Guard
from .reply_stream import ReplyStream


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterSettings:
    """How a bot wants its replies.

    Attributes:
        max_tokens: Per reply.
        floor: Below this mean probability of the opening nothing is said.
    """

    max_tokens: int = GenerationConfig.model_fields["max_tokens"].default
    floor: float = GenerationConfig.model_fields["floor"].default


class Writer:
    """Reads the conversation, decodes, and lets pass what the guards allow."""

    def __init__(
        self, folder: Path, *, engine: Engine = "int8", settings: WriterSettings | None = None
    ) -> None:
        """Load a model.

        Args:
            folder: From `ready_folder`.
            engine: How its numbers are held.
            settings: The bot's wishes; without them the defaults of ``config.yml``.

        Raises:
            ModelError: The folder is damaged.
        """
        self.tokenizer = open_tokenizer(folder)
        self._ends = tuple(special_ids(self.tokenizer).values())
        self.engine: DecodingEngine = open_engine(folder, engine, self._ends)
        self.context = context_length(folder)
        self._settings = settings or WriterSettings()
        self.limits = Limits(max_tokens=min(self._settings.max_tokens, self.context // 2))

    def write(
        self,
        prompts: Sequence[Prompt],
        *,
        on_text: Callable[[int, str], bool] | None = None,
    ) -> list[Draft]:
        """See `assistant.component.Generator.write`; an empty conversation gets no reply."""
        asked = [i for i, prompt in enumerate(prompts) if prompt.history]
        streams = {i: self._stream(prompts[i], i, on_text) for i in asked}
        room = self.context - self.limits.max_tokens
        contexts = [encode_context(self.tokenizer, prompts[i].history, room=room) for i in asked]
        self.engine.decode(
            contexts,
            self.limits,
            lambda row, token, log_prob: streams[asked[row]].feed(token, log_prob),
        )
        nothing = Draft(text="", confidence=0.0, tokens=0)
        return [streams[i].finish() if i in streams else nothing for i in range(len(prompts))]

    def _stream(
        self, prompt: Prompt, index: int, on_text: Callable[[int, str], bool] | None
    ) -> ReplyStream:
        return ReplyStream(
            decode=self.tokenizer.decode,
            ends=self._ends,
            guard=Guard(prompt.history),
            floor=self._settings.floor,
            pass_on=(lambda piece: on_text(index, piece)) if on_text else None,
        )
