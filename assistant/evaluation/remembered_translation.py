"""Translate a text once, however many folds and configurations train on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant import registry
from assistant.bot import Bot
from assistant.component import Engine, Tools, Translator


class RememberingTranslator:
    """A translator that keeps what it translated; the size of a batch changes no answer.

    Args:
        translator: Does the work.
    """

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self._known: dict[tuple[str, str, str, tuple[str, ...]], str] = {}

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The (source, target) languages that can be translated."""
        return self.translator.pairs

    def detect(self, texts: Sequence[str], *, among: Sequence[str]) -> list[str]:
        """Return for each text the most probable language of ``among``."""
        return self.translator.detect(texts, among=among)

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        """Translate what was not translated before."""
        keys = [(text, source, target, tuple(keep)) for text in texts]
        fresh = list(dict.fromkeys(key for key in keys if key not in self._known))
        if fresh:
            found = self.translator.translate(
                [text for text, *_ in fresh], source=source, target=target, keep=keep
            )
            self._known |= zip(fresh, found, strict=True)
        return [self._known[key] for key in keys]


def with_memory(bot: Bot, engine: Engine, tools: Tools) -> Tools:
    """Tools with a translator that remembers, where the bot serves several languages."""
    if len(bot.languages) < 2:
        return tools
    translator = tools.translator
    if translator is None:
        translator = registry.translator().load(bot.config.translation.base, engine=engine)
    return replace(tools, translator=RememberingTranslator(translator))
