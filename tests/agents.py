"""Agents of the tiny bot that share one store, for tests."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakes import FakeGenerator, FakeTranslator, fake_understanding_of

from assistant.agent import Agent
from assistant.assembly import build_engine, fallback_of
from assistant.bot import load_bot
from assistant.conversations.store import ConversationStore
from assistant.messages import Turn
from assistant.models import DirectModels, Reading

TINY = Path(__file__).parent / "bots" / "tiny"


@dataclass(kw_only=True)
class SlowModels(DirectModels):
    """Wait before each message is understood, as long as the message says."""

    waits: dict[str, float] = field(default_factory=dict)

    async def understand(self, text: str) -> Turn:
        await asyncio.sleep(self.waits.get(text, 0.0))
        return await super().understand(text)


MakeAgent = Callable[..., Agent]


def texts(answer: Any) -> list[str]:  # noqa: ANN401
    return [reply.body["text"] for reply in answer.replies]


async def agents_of(tmp_path: Path) -> AsyncIterator[MakeAgent]:
    """Give a function that makes agents; all of them share one store's file."""
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root)
    stores: list[ConversationStore] = []
    first = ConversationStore(tmp_path / "chats.db")
    await first.open()

    def make(**waits: float) -> Agent:
        bot = load_bot(root)
        reading = Reading(
            understanding=fake_understanding_of(bot),
            languages=bot.languages,
            translator=FakeTranslator(),
            fallback=fallback_of(bot),
        )
        store = ConversationStore(tmp_path / "chats.db")
        stores.append(store)
        models = SlowModels(reading=reading, generator=FakeGenerator(), waits=waits)
        return Agent(bot, models, build_engine(bot, seed=0), store)

    yield make
    for store in [first, *stores]:
        await store.close()
