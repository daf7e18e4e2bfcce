"""Conversations as append-only records in SQLite (WAL), or any database of SQLAlchemy.

The protocol of a turn:

1. `accept` commits the user's message before anyone is told of it. A message id that is known
   gives its first sequence number again; the same id with another text is refused.
2. `finish` writes the replies and events of the turn in one transaction, which checks that
   no other turn was finished since the conversation was read, and that the message has no
   answer yet. Messages that arrive meanwhile disturb nothing.
3. `replies_after` gives a client that was away what it missed.

Reminders that are pending stand in a table of their own, which `finish` keeps in step with the
events, so that a server that starts finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from assistant.dialogue.event_json import stored_event
from assistant.dialogue.events import Event, ReminderScheduled
from assistant.errors import RejectedMessage, StoreError

from . import statements
from .database import open_database
from .opening import FILE, told_clearly
from .schema import TABLES, answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A stored user message.

    Attributes:
        seq: Its number in the conversation.
        repeated: Whether it was stored before.
        answered: Whether its turn is finished.
    """

    seq: int
    repeated: bool
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """A reply as a client gets it."""

    seq: int
    reply_to: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationLog:
    """What was read of a conversation.

    Attributes:
        events: In order.
        epoch: How many turns were finished; `ConversationStore.finish` compares it.
        last_seq: Number of the last event that is known now.
    """

    events: list[Event]
    epoch: int
    last_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a finished turn left in the store."""

    replies: list[StoredReply]
    last_seq: int


class Conflict(Exception):  # noqa: N818 - the turn is run again, it is no fault of the user
    """Another turn of the conversation was finished in the meantime."""


class ConversationStore:
    """Reads and writes conversations.

    Args:
        address: An SQLAlchemy address such as ``sqlite+aiosqlite:///chats.db``, or a file path.

    Raises:
        StoreError: There is no driver for such an address.
    """

    def __init__(self, address: str | Path) -> None:
        text = str(address)
        self._address = text if "://" in text else f"{FILE}{text}"
        with told_clearly(self._address):
            self.database = open_database(self._address)

    async def open(self) -> None:
        """Create what is missing: the tables, or what earlier versions did not have.

        Raises:
            StoreError: The database is away, damaged, or none at all.
        """

        def create(connection: Connection) -> None:
            TABLES.create_all(connection)
            answered.create(connection, checkfirst=True)

        try:
            with told_clearly(self._address):
                await self.database.run(create)
        except StoreError:
            await self.database.close()
            raise

    async def close(self) -> None:
        """Close all connections."""
        await self.database.close()

    async def accept(
        self, conversation: str, message_id: str | None, body: dict[str, Any]
    ) -> Accepted:
        """Commit a user message; it is durable when this returns.

        Raises:
            RejectedMessage: The id was used before for another text (409).
        """

        def append(connection: Connection) -> int:
            seq = statements.take_number(connection, conversation)
            statements.add_records(
                connection, conversation, seq, [("message", body)], message_id=message_id
            )
            return seq

        for _ in range(20):
            try:
                seq = await self.database.run(append)
                return Accepted(seq=seq, repeated=False, answered=False)
            except IntegrityError:  # the same id, or another writer began the conversation
                known = await self._known(conversation, message_id, body)
                if known is not None:
                    return known
        raise RejectedMessage("busy", "The conversation is busy. Send it again.", status=503)

    async def _known(
        self, conversation: str, message_id: str | None, body: dict[str, Any]
    ) -> Accepted | None:
        if message_id is None:
            return None

        def find(connection: Connection) -> Accepted | None:
            found = statements.by_client_id(connection, conversation, message_id)
            if found is None:
                return None
            seq, before = found
            if before.get("text") != body.get("text"):
                raise RejectedMessage(
                    "id_reused", f"The message id {message_id!r} was used for another text.",
                    status=409,
                )  # fmt: skip
            done = statements.is_answered(connection, conversation, seq)
            return Accepted(seq=seq, repeated=True, answered=done)

        return await self.database.run(find)

    async def read(self, conversation: str, *, after: int = 0) -> ConversationLog:
        """Return the events whose number is greater than ``after``."""
        rows = await self.database.run(
            lambda connection: statements.news(connection, conversation, after)
        )
        epoch = rows[0].epoch if rows else 0
        known = [row for row in rows if row.seq is not None]
        return ConversationLog(
            events=[stored_event(dict(row.payload)) for row in known],
            epoch=epoch,
            last_seq=known[-1].seq if known else after,
        )

    async def finish(
        self,
        conversation: str,
        reply_to: int | None,
        *,
        epoch: int,
        events: Sequence[Event],
        replies: Sequence[dict[str, Any]] = (),
        reminders: Iterable[ReminderScheduled] | None = None,
    ) -> Finished:
        """Write the outcome of a turn, all or nothing.

        Args:
            conversation: Its id.
            reply_to: Sequence number of the user's message; ``None`` for events that came
                without a message.
            epoch: The conversation's epoch when it was read.
            events: What the turn did to the conversation.
            replies: What the client is told.
            reminders: What is pending now; ``None`` where that is what was pending before.

        Raises:
            Conflict: Another turn was finished in the meantime, or the message is answered
                already; nothing was written.
        """
        records = [("event", each.as_json()) for each in events]
        records += [("reply", dict(each)) for each in replies]
        records += [] if reply_to is None else [("done", {})]

        def write(connection: Connection) -> int:
            if reply_to is None and not statements.exists_conversation(connection, conversation):
                statements.begin(connection, conversation)
            first = statements.take_turn(
                connection, conversation, epoch=epoch, answers=reply_to, count=len(records)
            )
            if first is None:
                raise Conflict(conversation)
            if records:
                statements.add_records(connection, conversation, first, records, reply_to=reply_to)
            if reminders is not None:
                rows = [_row(each) for each in reminders]
                statements.set_reminders(connection, conversation, rows)
            return first

        first = await self.database.run(write)
        told = [
            StoredReply(seq=first + len(events) + i, reply_to=reply_to or 0, body=dict(each))
            for i, each in enumerate(replies)
        ]
        return Finished(replies=told, last_seq=first + len(records) - 1)

    async def is_answered(self, conversation: str, message_seq: int) -> bool:
        """Whether a message's turn is finished."""
        return await self.database.run(
            lambda connection: statements.is_answered(connection, conversation, message_seq)
        )

    async def replies_after(self, conversation: str, seq: int) -> list[StoredReply]:
        """Return the replies whose number is greater than ``seq``."""
        rows = await self.database.run(
            lambda connection: statements.replies_after(connection, conversation, seq)
        )
        return _replies(rows)

    async def replies_to(self, conversation: str, message_seq: int) -> list[StoredReply]:
        """Return the replies to one message."""
        rows = await self.database.run(
            lambda connection: statements.replies_to(connection, conversation, message_seq)
        )
        return _replies(rows)

    async def unanswered(self) -> list[tuple[str, int, dict[str, Any]]]:
        """Return the messages that were accepted and never answered, oldest first."""
        rows = await self.database.run(statements.unanswered)
        return [(row.conversation_id, row.seq, dict(row.payload)) for row in rows]

    async def conversations(self) -> list[str]:
        """Return the ids of all conversations, sorted."""
        return await self.database.run(statements.conversations)

    async def reminders(self) -> list[tuple[str, ReminderScheduled]]:
        """Return what is pending, with its conversation, the first due first."""
        rows = await self.database.run(statements.pending_reminders)
        found = [(row.conversation_id, stored_event(dict(row.payload))) for row in rows]
        return [(name, each) for name, each in found if isinstance(each, ReminderScheduled)]


def _row(reminder: ReminderScheduled) -> dict[str, Any]:
    return {"name": reminder.name, "due_at": reminder.due, "payload": reminder.as_json()}


def _replies(rows: statements.Rows) -> list[StoredReply]:
    return [
        StoredReply(seq=row.seq, reply_to=row.reply_to or 0, body=dict(row.payload)) for row in rows
    ]
