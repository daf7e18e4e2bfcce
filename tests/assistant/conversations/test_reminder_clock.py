from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.conversations import reminder_clock
from assistant.conversations.reminder_clock import ReminderClock
from assistant.conversations.store import ConversationStore
from assistant.dialogue.events import ReminderScheduled
from assistant.errors import RejectedMessage


def remind(name: str, *, seconds: float = 0.05) -> ReminderScheduled:
    due = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return ReminderScheduled(name=name, intent="remind", date_time=due.isoformat())


class Bell:
    """Notes what rings; it refuses the first times."""

    def __init__(self, *refused: Exception) -> None:
        self.rang: list[str] = []
        self.refused = list(refused)

    async def ring(self, conversation: str, reminder: ReminderScheduled) -> None:
        if self.refused:
            raise self.refused.pop(0)
        self.rang.append(f"{conversation} {reminder.name}")


async def test_each_reminder_rings_once_at_its_time() -> None:
    bell = Bell()
    clock = ReminderClock(bell.ring)
    clock.set("x", [remind("late", seconds=0.3), remind("soon"), remind("past", seconds=-9)])
    clock.set("y", [remind("far", seconds=9e5)])

    await asyncio.sleep(0.15)
    early = list(bell.rang)
    await asyncio.sleep(0.3)
    await clock.close()

    assert early == ["x past", "x soon"]
    assert bell.rang == [*early, "x late"]


async def test_what_is_not_pending_any_more_does_not_ring() -> None:
    bell = Bell()
    clock = ReminderClock(bell.ring)
    clock.set("x", [remind("a"), remind("b")])
    clock.set("x", [remind("b")])
    clock.set("y", [remind("c")])
    clock.set("y", [])

    await asyncio.sleep(0.15)
    await clock.close()

    assert bell.rang == ["x b"]


async def test_a_wait_that_is_too_long_for_a_timer_is_made_of_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reminder_clock, "LONGEST_WAIT", 0.02)
    bell = Bell()
    clock = ReminderClock(bell.ring)
    clock.set("x", [remind("a", seconds=0.12)])

    await asyncio.sleep(0.06)
    assert bell.rang == []
    await asyncio.sleep(0.15)
    await clock.close()

    assert bell.rang == ["x a"]


async def test_a_busy_server_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_clock, "RETRY", 0.02)
    bell = Bell(RejectedMessage("overloaded", "Too many.", status=503))
    clock = ReminderClock(bell.ring)
    clock.set("x", [remind("a", seconds=0)])

    await asyncio.sleep(0.15)
    await clock.close()

    assert bell.rang == ["x a"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RejectedMessage("id_reused", "The id was used.", status=409), "was not taken"),
        (RuntimeError("secret"), "a reminder failed: RuntimeError"),
    ],
)
async def test_a_failure_is_told_and_ends_nothing_else(
    error: Exception, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell(error)
    clock = ReminderClock(bell.ring)
    clock.set("x", [remind("a", seconds=0)])
    clock.set("y", [remind("b")])

    with caplog.at_level(logging.WARNING):
        await asyncio.sleep(0.15)
    await clock.close()

    assert bell.rang == ["y b"]
    assert told in caplog.text
    assert "secret" not in caplog.text


async def test_a_closed_clock_rings_no_more() -> None:
    bell = Bell()
    clock = ReminderClock(bell.ring)
    clock.set("x", [remind("a")])

    await clock.close()
    clock.set("x", [remind("b", seconds=0)])
    await asyncio.sleep(0.1)

    assert bell.rang == []


async def test_pending_reminders_are_taken_from_a_store(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "chats.db")
    await store.open()
    pending = [remind("a", seconds=0), remind("b", seconds=0)]
    await store.finish("x", None, epoch=0, events=pending, reminders=pending)
    bell = Bell()
    clock = ReminderClock(bell.ring)

    assert await clock.load(store, only="y") == 0
    assert await clock.load(store) == 2
    await asyncio.sleep(0.1)
    await clock.close()
    await store.close()

    assert bell.rang == ["x a", "x b"]
