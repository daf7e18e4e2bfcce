from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from agents import MakeAgent, texts

from assistant.dialogue.events import (
    Event,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
)


def remind(name: str = "r", *, seconds: float = 60.0, kill: bool = False) -> ReminderScheduled:
    due = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return ReminderScheduled(
        name=name, intent="thank", date_time=due.isoformat(), kill_on_user_msg=kill
    )


async def test_a_reminder_comes_once_whoever_tells_of_it(make_agent: MakeAgent) -> None:
    agent, other = make_agent(), make_agent()
    reminder = remind()
    await agent.record("x", [reminder])
    assert await other.store.reminders() == [("x", reminder)]

    first = await agent.remind("x", reminder)
    second = await other.remind("x", reminder)

    assert texts(first) == texts(second) == ["You are welcome."]
    assert len(await agent.store.replies_after("x", 0)) == 1
    assert await agent.store.reminders() == []


@pytest.mark.parametrize(
    "events",
    [[ReminderCancelled(name="r")], [Restarted()], [remind(seconds=3600)]],
    ids=["cancelled", "restarted", "put-off"],
)
async def test_a_reminder_that_is_not_pending_any_more_says_nothing(
    make_agent: MakeAgent, events: list[Event]
) -> None:
    agent = make_agent()
    reminder = remind()
    await agent.record("x", [reminder])
    before = len((await agent.record("x", events)).events)

    answer = await agent.remind("x", reminder)

    assert answer.replies == []
    assert len((await agent.store.read("x")).events) == before
    assert await agent.store.unanswered() == []


async def test_a_message_of_the_user_cancels_a_reminder_that_says_so(
    make_agent: MakeAgent,
) -> None:
    agent = make_agent()
    told: list[list[str]] = []
    agent.on_reminders = lambda _, pending: told.append([each.name for each in pending])
    await agent.record("x", [remind("stays"), remind("goes", kill=True)])

    await agent.handle("x", "hello")
    await agent.handle("x", "thanks")

    assert told == [["stays", "goes"], ["stays"]]


async def test_a_reminder_comes_although_the_session_is_over(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent()
    await agent.handle("x", "hello")
    reminder = remind(seconds=7200)
    await agent.record("x", [reminder])
    now = time.time()
    monkeypatch.setattr("assistant.dialogue.engine.time.time", lambda: now + 7200)

    assert texts(await agent.remind("x", reminder)) == ["You are welcome."]
    assert await agent.store.reminders() == []
