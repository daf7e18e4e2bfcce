"""Talk to a dialogue engine: an intent goes in, what the bot says comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.assembly import build_engine
from assistant.bot import load_bot
from assistant.dialogue.engine import Engine, mood_events
from assistant.dialogue.events import ActionDone, UserSaid
from assistant.dialogue.tracker import LISTEN, Tracker


class Talk:
    """One conversation with a bot that understands every message as it is told to.

    Attributes:
        actions: The actions of the last turn, listening left out.
        sources: Who answered in the last turn.
    """

    def __init__(self, root: Path) -> None:
        self.bot = load_bot(root)
        self.engine: Engine = build_engine(self.bot, seed=0)
        self.tracker = Tracker("talk", self.bot.domain)
        self.tracker.apply(ActionDone(name=LISTEN))
        self.actions: list[str] = []
        self.sources: list[str] = []

    async def say(
        self, intent: str, *, text: str = "…", mood: float | None = None, **entities: object
    ) -> list[str]:
        """Say something; returns the texts of the replies."""
        parse: dict[str, Any] = {
            "intent": {"name": intent.split("/", maxsplit=1)[0], "confidence": 1.0, "full": intent},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        }
        if "/" in intent:
            answer = {"response": {"utter_action": f"utter_{intent}"}}
            parse["response_selector"] = {intent.split("/", maxsplit=1)[0]: answer}
        extra = mood_events(self.bot, self.tracker, mood)
        self.engine.hear(self.tracker, UserSaid(text=text, parse_data=parse), extra)
        steps = [step async for step in self.engine.act(self.tracker)]
        self.actions = [s.prediction.action for s in steps if s.prediction.action != LISTEN]
        replies = [reply for step in steps for reply in step.replies]
        self.sources = [reply.source for reply in replies]
        return [reply.text for reply in replies]

    @property
    def slots(self) -> dict[str, Any]:
        return {name: value for name, value in self.tracker.slots.items() if value is not None}
