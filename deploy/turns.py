"""Run the turns: let messages in, in order, and tell all who listen how each one goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.agent import Agent, Answer, Listener
from assistant.conversations.reminder_clock import ReminderClock
from assistant.conversations.store import Accepted
from assistant.dialogue.events import ReminderScheduled
from assistant.errors import RejectedMessage
from assistant.external_intent import ExternalIntent

from . import frames
from .limits import Limits
from .quiet_log import name_of
from .rooms import Room, Rooms, RunningTurn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as a channel hands it in.

    Attributes:
        text: What the user wrote.
        external: An intent that no user said, in the place of a text.
        id: The client's own id; with one, the message can be sent again safely.
        keeps_on: Whether its reply is written to the end although no socket is open.
        gone: Tells whether the one who waits for the answer has gone away.
    """

    conversation: str
    text: object = ""
    external: ExternalIntent | None = None
    id: str | None = None
    channel: str = "rest"
    metadata: dict[str, Any] = field(default_factory=dict)
    keeps_on: bool = False
    gone: Callable[[], bool] = lambda: False


class Turns:
    """Answers messages with an agent, and lets pending reminders in at their time.

    Args:
        agent: Answers them.
        rooms: Who listens.
        limits: How many may run at a time.
    """

    def __init__(self, agent: Agent, rooms: Rooms, limits: Limits) -> None:
        self.agent = agent
        self.rooms = rooms
        self.limits = limits
        self.draining = False
        self.reminders = ReminderClock(self.remind)
        agent.on_reminders = self.reminders.set
        self._tasks: set[asyncio.Task[Answer]] = set()

    async def begin(
        self,
        message: Message,
        on_accepted: Callable[[Accepted], None] = lambda _: None,
        on_failed: Callable[[RejectedMessage], None] = lambda _: None,
    ) -> asyncio.Task[Answer]:
        """Store a message and begin to answer it; messages that begin in order are answered so.

        Args:
            message: The message.
            on_accepted: Called when it is stored, before anyone hears of the turn.
            on_failed: Called when the turn fails after that, before anyone hears of its end.

        Returns:
            The running turn. It goes on when the one who asked is gone.

        Raises:
            RejectedMessage: The message is not taken.
        """
        room = self.rooms.room(message.conversation)
        room.entering += 1
        try:
            async with room.accepting:
                self._admit(room)
                return await self._store(message, room, on_accepted, on_failed)
        finally:
            room.entering -= 1
            self.rooms.forget(message.conversation)

    async def remind(self, conversation: str, reminder: ReminderScheduled) -> Answer:
        """Let the bot say what a reminder is about to all who listen.

        Raises:
            RejectedMessage: There are too many turns, or the server shuts down (503).
        """
        external = ExternalIntent.of(reminder)
        message = Message(conversation=conversation, external=external, keeps_on=True)
        return await (await self.begin(message))

    def _admit(self, room: Room) -> None:
        if self.draining:
            raise RejectedMessage("draining", "The server is shutting down.", status=503)
        full = len(self._tasks) >= self.limits.turns
        if full or len(room.turns) >= self.limits.turns_per_conversation:
            raise RejectedMessage(
                "overloaded", "Too many messages are waiting. Send it again shortly.", status=503
            )

    async def _store(
        self,
        message: Message,
        room: Room,
        on_accepted: Callable[[Accepted], None],
        on_failed: Callable[[RejectedMessage], None],
    ) -> asyncio.Task[Answer]:
        """Start the turn and wait until its message is stored."""
        turn = RunningTurn(keeps_on=message.keeps_on)
        room.turns.append(turn)
        stored: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()

        def accepted(known: Accepted) -> None:
            news = not known.answered and not room.is_answering(known.seq)
            turn.seq = known.seq
            on_accepted(known)
            if not stored.done():
                stored.set_result(known)
            if news:
                room.send(frames.typing(known.seq, on=True))

        def failed(rejected: RejectedMessage) -> None:
            if turn.seq:
                on_failed(rejected)

        task = asyncio.create_task(self._run(message, room, turn, accepted, failed))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        both: set[asyncio.Future[Any]] = {task, stored}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not stored.done():
            stored.cancel()
            task.result()  # raises why it was not taken
        return task

    def _ended(self, task: asyncio.Task[Answer]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked may be gone and never look

    async def _run(
        self,
        message: Message,
        room: Room,
        turn: RunningTurn,
        accepted: Callable[[Accepted], None],
        failed: Callable[[RejectedMessage], None],
    ) -> Answer:
        news = Accepted(seq=0, repeated=False, answered=False)

        def note(known: Accepted) -> None:
            nonlocal news
            news = known
            accepted(known)

        def on_text(text: str) -> bool:
            room.send(frames.token(text, turn.seq, at=len(turn.said)))
            turn.said += text
            return turn.stopped or (message.gone() and not room.sockets)

        try:
            answer = await self._ask(message, Listener(on_accepted=note, on_text=on_text))
            if answer.parse or not news.repeated:  # else the room was told before
                for i, stored in enumerate(answer.replies):
                    room.send(frames.reply(stored, answer.parse or None if i == 0 else None))
            return answer
        except asyncio.CancelledError:
            turn.cut_off = True  # its end is not the end: the next start answers the message
            raise
        except Exception as error:
            rejected = _plain(error)
            failed(rejected)
            raise rejected from error
        finally:
            room.turns.remove(turn)
            if not (news.answered or turn.cut_off or room.is_answering(turn.seq)):
                self._tell_end(room, turn)
            self.rooms.forget(message.conversation)

    async def _ask(self, message: Message, listener: Listener) -> Answer:
        if message.external is not None:
            return await self.agent.react(message.conversation, message.external, listener=listener)
        return await self.agent.handle(
            message.conversation,
            message.text,
            message_id=message.id,
            channel=message.channel,
            metadata=message.metadata,
            listener=listener,
        )

    def _tell_end(self, room: Room, turn: RunningTurn) -> None:
        if turn.seq:
            room.send(frames.typing(turn.seq, on=False))
        for other in room.turns[:1]:
            if other.seq:
                room.send(frames.typing(other.seq, on=True))

    async def drain(self, seconds: float) -> int:
        """Take no more messages and let the running turns finish.

        Returns:
            How many did not finish in time; they are answered at the next start.
        """
        self.draining = True
        await self.reminders.close()
        if not self._tasks:
            return 0
        _done, left = await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return len(left)


def _plain(error: Exception) -> RejectedMessage:
    """What the one who asked is told of a failed turn."""
    if isinstance(error, RejectedMessage):
        return error
    log.error("a turn failed: %s", name_of(error))
    return RejectedMessage(
        "internal", "The server failed at this message. Send it again.", status=500
    )
