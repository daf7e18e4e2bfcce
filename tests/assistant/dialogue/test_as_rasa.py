"""The same messages to the same bots, and the same turns: see tests/bots/rasa_recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from talks import Talk

from assistant.dialogue.events import ActionDone, ActionRejected, SessionStarted, UserSaid
from assistant.dialogue.tracker import LISTEN, Tracker

RECORDED = Path(__file__).parent.parent.parent / "bots" / "rasa_recorded"
CONVERSATIONS = [
    pytest.param(folder.name, turns, id=f"{folder.name}-{number}")
    for folder in sorted(RECORDED.iterdir())
    if (folder / "conversations.json").exists()
    for number, turns in enumerate(
        json.loads((folder / "conversations.json").read_text(encoding="utf-8"))
    )
]


def parsed(message: str) -> dict[str, Any]:
    """Read ``/intent{"entity": "value"}`` as Rasa's message handler does."""
    name, brace, rest = message.removeprefix("/").partition("{")
    values = json.loads(brace + rest) if brace else {}
    return {
        "intent": {"name": name, "confidence": 1.0},
        "entities": [
            {"entity": entity, "value": each}
            for entity, value in values.items()
            for each in (value if isinstance(value, list) else [value])
        ],
    }


async def turn_of(talk: Talk, message: str) -> dict[str, Any]:
    said = UserSaid(text=message, parse_data=parsed(message))
    talk.engine.hear(talk.tracker, said, [])
    steps = [step async for step in talk.engine.act(talk.tracker)]
    return {
        "user": message,
        "actions": [
            f"rejected:{event.name}" if isinstance(event, ActionRejected) else event.name
            for step in steps
            for event in step.events
            if isinstance(event, (ActionDone, ActionRejected))
        ],
        "bot": [reply.text for step in steps for reply in step.replies],
        "slots": talk.slots,
        "loop": talk.tracker.loop,
    }


@pytest.mark.parametrize(("bot", "recorded"), CONVERSATIONS)
async def test_a_recorded_conversation_goes_as_it_went_in_rasa(
    bot: str, recorded: list[dict[str, Any]]
) -> None:
    talk = Talk(RECORDED / bot)
    talk.tracker = Tracker("recorded", talk.bot.domain)
    for event in (SessionStarted(), ActionDone(name=LISTEN)):
        talk.tracker.apply(event)

    assert [await turn_of(talk, turn["user"]) for turn in recorded] == recorded
