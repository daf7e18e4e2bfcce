"""Wait for the moments of pending reminders, on the running event loop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable

from assistant.dialogue.events import ReminderScheduled
from assistant.errors import RejectedMessage

from .store import ConversationStore

LONGEST_WAIT = 3600.0
"""Seconds; a timer counts monotonic time, and the wall clock may be set meanwhile."""
RETRY = 5.0
"""Seconds until a reminder comes again that the busy server did not take."""
log = logging.getLogger(__name__)

Ring = Callable[[str, ReminderScheduled], Awaitable[object]]


class ReminderClock:
    """Rings for each reminder at its time, or at once where that has passed.

    Args:
        ring: Called with the conversation and the reminder. It is asked again in a while where
            it raises `RejectedMessage` with the status 503.
    """

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._timers: dict[str, list[asyncio.TimerHandle]] = {}
        self._ringing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def load(self, store: ConversationStore, *, only: str | None = None) -> int:
        """Take what is pending in a store, or in one conversation; returns how much that is."""
        found: dict[str, list[ReminderScheduled]] = {}
        for conversation, reminder in await store.reminders():
            if only in (None, conversation):
                found.setdefault(conversation, []).append(reminder)
        for conversation, reminders in found.items():
            self.set(conversation, reminders)
        return sum(map(len, found.values()))

    def set(self, conversation: str, reminders: Iterable[ReminderScheduled]) -> None:
        """Wait for these reminders of a conversation, and for no others."""
        for timer in self._timers.pop(conversation, ()):
            timer.cancel()
        if not self._closed:
            for reminder in reminders:
                self._wait(conversation, reminder, reminder.due - time.time())

    def _wait(self, conversation: str, reminder: ReminderScheduled, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        wait = min(max(seconds, 0.0), LONGEST_WAIT)
        timer = loop.call_later(wait, self._wake, conversation, reminder)
        self._timers.setdefault(conversation, []).append(timer)

    def _wake(self, conversation: str, reminder: ReminderScheduled) -> None:
        now = asyncio.get_running_loop().time()
        left = [timer for timer in self._timers.pop(conversation, ()) if timer.when() > now]
        if left:
            self._timers[conversation] = left
        seconds = reminder.due - time.time()
        if seconds > 0:
            self._wait(conversation, reminder, seconds)
            return
        task = asyncio.create_task(self._tell(conversation, reminder))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _tell(self, conversation: str, reminder: ReminderScheduled) -> None:
        try:
            await self._ring(conversation, reminder)
        except RejectedMessage as rejected:
            if rejected.status == 503 and not self._closed:
                self._wait(conversation, reminder, RETRY)
            else:
                log.warning("a reminder was not taken: %s", rejected)
        except Exception as error:  # noqa: BLE001 - the next start tries it again
            log.error("a reminder failed: %s", type(error).__name__)

    async def close(self) -> None:
        """Ring no more; what rings now is heard to its end."""
        self._closed = True
        for timers in self._timers.values():
            for timer in timers:
                timer.cancel()
        self._timers.clear()
        await asyncio.gather(*self._ringing, return_exceptions=True)
