from __future__ import annotations

import time

import pytest
from agents import MakeAgent, texts

from assistant.actions import ActionTurn
from assistant.dialogue.events import (
    BotSaid,
    SessionStarted,
    SlotSet,
)


async def test_a_new_session_begins_after_a_long_silence_and_carries_slots_over(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent()
    await agent.handle("x", "where is my order")
    tracker, _ = await agent.tracker("x")
    assert tracker.loop == "order_form"
    later = tracker.events[-1].timestamp + 61 * 60
    monkeypatch.setattr("assistant.dialogue.engine.time.time", lambda: later)

    answer = await agent.handle("x", "thanks")

    assert texts(answer) == ["You are welcome."]
    fresh, _ = await agent.tracker("x")
    assert fresh.loop is None
    assert sum(event.kind == "session_started" for event in fresh.events) == 2
    assert fresh.session_start > fresh.events.index(tracker.events[-1])


async def test_slots_may_be_lost_with_the_session(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent()
    await agent.handle("x", "it is 4711")
    agent.bot.domain.carry_over = False
    tracker, _ = await agent.tracker("x")
    later = tracker.events[-1].timestamp + 61 * 60
    monkeypatch.setattr("assistant.dialogue.engine.time.time", lambda: later)

    await agent.handle("x", "thanks")

    fresh, _ = await agent.tracker("x")
    assert fresh.slots["order_number"] is None
    assert any(isinstance(event, SlotSet) for event in fresh.events)  # the past is kept


async def test_the_silence_of_the_user_counts_not_that_of_the_bot(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent()
    await agent.handle("x", "where is my order")
    said = (await agent.tracker("x"))[0].latest
    assert said is not None
    later = said.timestamp + 61 * 60
    await agent.record("x", [BotSaid(text="Still there?", timestamp=later - 60)])
    monkeypatch.setattr("assistant.dialogue.engine.time.time", lambda: later)

    await agent.handle("x", "thanks")

    assert (await agent.tracker("x"))[0].loop is None


@pytest.mark.parametrize(("minutes", "sessions"), [(0, 1), (30, 2), (90, 1)])
async def test_a_session_lasts_as_long_as_the_domain_says(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch, minutes: int, sessions: int
) -> None:
    agent = make_agent()
    agent.bot.domain.session_minutes = minutes
    await agent.handle("x", "hello")
    now = time.time()
    monkeypatch.setattr("assistant.dialogue.engine.time.time", lambda: now + 61 * 60)

    await agent.handle("x", "thanks")

    events = (await agent.store.read("x")).events
    assert sum(event.kind == "session_started" for event in events) == sessions


async def test_a_session_begins_with_the_metadata_of_its_message(make_agent: MakeAgent) -> None:
    agent = make_agent()

    await agent.handle("x", "hello", metadata={"page": "/cart"})

    tracker, _ = await agent.tracker("x")
    kinds = [event.kind for event in tracker.events[:5]]
    assert kinds == ["slot", "action", "session_started", "slot", "action"]
    assert tracker.slots["session_started_metadata"] == {"page": "/cart"}
    assert tracker.events[1].as_json() == {
        "event": "action", "timestamp": tracker.events[1].timestamp, "policy": None,
        "confidence": 1.0, "hide_rule_turn": False, "name": "action_session_start",
        "action_text": None,
    }  # fmt: skip


async def test_a_session_of_the_bots_own_may_greet_and_need_not_listen(
    make_agent: MakeAgent,
) -> None:
    agent = make_agent()

    def action_session_start(turn: ActionTurn) -> None:
        turn.say("Welcome!")
        turn.events.append(SessionStarted())

    agent.engine.runner.book.actions["action_session_start"] = action_session_start

    assert texts(await agent.handle("x", "thanks")) == ["Welcome!", "You are welcome."]
