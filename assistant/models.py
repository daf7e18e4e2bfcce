"""The models as the agent calls them: asynchronous, so that a server can batch them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from .component import Generator, Translator, Understanding
from .fallback import Fallback
from .messages import Draft, Prompt, Turn


class Models(Protocol):
    """What the agent needs of the models."""

    async def understand(self, text: str) -> Turn:
        """Tell the language, translate where needed, read intent, entities, sentiment."""
        ...

    async def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        """Translate; the text comes back unchanged where no translator serves the pair."""
        ...

    async def write(self, prompt: Prompt, on_text: Callable[[str], bool] | None = None) -> Draft:
        """Write a reply; ``on_text`` is called from the event loop's thread."""
        ...


@dataclass(kw_only=True)
class Reading:
    """The way of a message from text to turn: language, translation in, understanding.

    Attributes:
        languages: What people may write; the bot's own language first.
    """

    understanding: Understanding
    languages: tuple[str, ...]
    translator: Translator | None = None
    fallback: Fallback | None = None

    def process(self, texts: Sequence[str]) -> list[Turn]:
        """Read a batch of messages."""
        turns = [Turn(text=text, language=self.languages[0]) for text in texts]
        if self.translator is not None and len(self.languages) > 1:
            turns = self._in_own_language(turns, self.translator)
        turns = self.understanding.process(turns)
        return self.fallback.process(turns) if self.fallback else turns

    def _in_own_language(self, turns: list[Turn], translator: Translator) -> list[Turn]:
        tags = translator.detect([turn.text for turn in turns], among=self.languages)
        own = self.languages[0]
        turns = [replace(turn, language=tag) for turn, tag in zip(turns, tags, strict=True)]
        for language in sorted(set(tags) - {own}):
            if (language, own) not in translator.pairs:
                continue
            foreign = [
                i
                for i, turn in enumerate(turns)
                if turn.language == language and not turn.text.startswith("/")
            ]
            texts = translator.translate(
                [turns[i].text for i in foreign], source=language, target=own
            )
            for i, text in zip(foreign, texts, strict=True):
                turns[i] = replace(turns[i], pivot=text)
        return turns


@dataclass(kw_only=True)
class DirectModels:
    """Models called one message at a time on a worker thread: shell, tests, small tools."""

    reading: Reading
    generator: Generator | None = None

    async def understand(self, text: str) -> Turn:
        """See `Models.understand`."""
        turns = await asyncio.to_thread(self.reading.process, [text])
        return turns[0]

    async def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        """See `Models.translate`."""
        translator = self.reading.translator
        if translator is None or (source, target) not in translator.pairs:
            return list(texts)
        return await asyncio.to_thread(
            translator.translate, texts, source=source, target=target, keep=keep
        )

    async def write(self, prompt: Prompt, on_text: Callable[[str], bool] | None = None) -> Draft:
        """See `Models.write`."""
        if self.generator is None:
            return Draft(text="", confidence=0.0, tokens=0)
        loop = asyncio.get_running_loop()
        stopped = False

        def pass_on(_index: int, text: str) -> bool:
            def deliver() -> None:
                nonlocal stopped
                stopped = bool(on_text and on_text(text)) or stopped

            loop.call_soon_threadsafe(deliver)
            return stopped

        generator = self.generator
        drafts = await asyncio.to_thread(
            lambda: generator.write([prompt], on_text=pass_on if on_text else None)
        )
        return drafts[0]
