"""The models as the agent calls them, on top of the batcher.

Understanding and translating share one thread, because reading a message uses the translator
too; writing has its own, so that a long reply never holds up the reading of other messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from assistant.component import Generator
from assistant.messages import Draft, Prompt, Turn, Utterance
from assistant.models import Reading

from .batcher import Batcher

READER, WRITER = "reader", "writer"
MOST_WRITTEN_TOGETHER = 8


class Writing:
    """One reply that is being written; it outlives a second run of its batch.

    Args:
        prompt: What is answered.
        on_text: Called on the event loop with each piece; true stops the reply there.
    """

    def __init__(self, prompt: Prompt, on_text: Callable[[str], bool] | None) -> None:
        self.prompt = prompt
        self.stopped = False
        self._on_text = on_text
        self._loop = asyncio.get_running_loop()
        self._passed_on = 0
        self._seen = 0

    def begin(self) -> None:
        """Start, or start again after another reply of the batch failed."""
        self._seen = 0

    def take(self, text: str) -> bool:
        """Pass a piece on from the model's thread, once; returns whether to stop."""
        self._seen += len(text)
        fresh = text[len(text) - max(0, self._seen - self._passed_on) :]
        if fresh and self._on_text is not None and not self._loop.is_closed():
            self._passed_on = self._seen
            self._loop.call_soon_threadsafe(self._deliver, fresh)
        return self.stopped

    def _deliver(self, text: str) -> None:
        if self._on_text is not None and not self.stopped:
            self.stopped = self._on_text(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Translation:
    texts: tuple[str, ...]
    keep: tuple[str, ...]


class BatchedModels:
    """The protocol `assistant.models.Models`, batched.

    Args:
        reading: From text to turn.
        generator: Writes replies, where the bot has one.
        batcher: Runs the work.
    """

    def __init__(self, reading: Reading, generator: Generator | None, batcher: Batcher) -> None:
        self.reading = reading
        self.generator = generator
        self.batcher = batcher

    async def understand(self, text: str) -> Turn:
        """See `Models.understand`."""
        turn = await self.batcher.submit(
            "understand", text, run=self.reading.process, thread=READER
        )
        return cast("Turn", turn)

    async def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        """See `Models.translate`."""
        translator = self.reading.translator
        if translator is None or (source, target) not in translator.pairs or not texts:
            return list(texts)

        def run(pieces: Sequence[_Translation]) -> list[list[str]]:
            done: dict[int, list[str]] = {}
            for kept in {piece.keep for piece in pieces}:  # what is kept may differ by request
                rows = [i for i, piece in enumerate(pieces) if piece.keep == kept]
                flat = [text for i in rows for text in pieces[i].texts]
                out = iter(translator.translate(flat, source=source, target=target, keep=kept))
                done |= {i: [next(out) for _ in pieces[i].texts] for i in rows}
            return [done[i] for i in range(len(pieces))]

        work = _Translation(texts=tuple(texts), keep=tuple(keep))
        lane = ("translate", source, target)
        result = await self.batcher.submit(lane, work, run=run, thread=READER)
        return cast("list[str]", result)

    async def write(self, prompt: Prompt, on_text: Callable[[str], bool] | None = None) -> Draft:
        """See `Models.write`; a cancelled caller ends its row at the next piece."""
        generator = self.generator
        if generator is None:
            return Draft(text="", confidence=0.0, tokens=0)
        writing = Writing(prompt, on_text)

        def run(rows: Sequence[Writing]) -> list[Draft]:
            for row in rows:
                row.begin()
            prompts = [row.prompt for row in rows]
            return generator.write(prompts, on_text=lambda i, text: rows[i].take(text))

        try:
            draft = await self.batcher.submit(
                "write", writing, run=run, thread=WRITER, most_batch=MOST_WRITTEN_TOGETHER
            )
        except asyncio.CancelledError:
            writing.stopped = True
            raise
        return cast("Draft", draft)

    async def warm_up(self) -> None:
        """Let every model answer once; raises what a model raises."""
        await self.understand("hello")
        translator = self.reading.translator
        for source, target in sorted(translator.pairs) if translator else ():
            await self.translate(["hello"], source=source, target=target)
        await self.write(Prompt(history=(Utterance("user", "hello"),)), lambda _text: True)
