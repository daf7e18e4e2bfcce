"""Conversations as append-only records in SQLite (WAL), or any database of SQLAlchemy.

The protocol of a turn:

1. `accept` commits the user's message before anyone is told of it. A message id that is known
   gives its first sequence number again; the same id with another text is refused.
2. `finish` writes the replies and events of the turn in one transaction, which checks that
   no other turn was finished since the conversation was read, and that the message has no
   answer yet. Messages that arrive meanwhile disturb nothing.
3. `replies_after` gives a client that was away what it missed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, exists, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import aliased
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.dialogue.event_json import stored_event
from assistant.dialogue.events import Event
from assistant.errors import RejectedMessage

from .schema import Conversation, Record, Tables


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
    """

    def __init__(self, address: str | Path) -> None:
        text = str(address)
        if "://" not in text:
            text = f"sqlite+aiosqlite:///{text}"
        self.engine: AsyncEngine = create_async_engine(text)
        self._writing = asyncio.Lock()  # SQLite has one writer, and its own queue is not fair
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _tune_sqlite)

    async def open(self) -> None:
        """Create the tables where they are missing."""
        async with self.engine.begin() as connection:
            await connection.run_sync(Tables.metadata.create_all)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    async def accept(
        self, conversation: str, message_id: str | None, body: dict[str, Any]
    ) -> Accepted:
        """Commit a user message; it is durable when this returns.

        Raises:
            RejectedMessage: The id was used before for another text (409).
        """
        known = await self._known(conversation, message_id, body)
        if known is not None:
            return known
        for _ in range(20):
            try:
                seq = await self._append_message(conversation, message_id, body)
                return Accepted(seq=seq, repeated=False, answered=False)
            except IntegrityError:  # another writer took the number, or the same id
                known = await self._known(conversation, message_id, body)
                if known is not None:
                    return known
        raise RejectedMessage("busy", "The conversation is busy. Send it again.", status=503)

    async def _known(
        self, conversation: str, message_id: str | None, body: dict[str, Any]
    ) -> Accepted | None:
        if message_id is None:
            return None
        async with AsyncSession(self.engine) as session:
            query = select(Record).where(
                Record.conversation_id == conversation, Record.client_message_id == message_id
            )
            row = (await session.execute(query)).scalar_one_or_none()
            if row is None:
                return None
            if row.payload.get("text") != body.get("text"):
                raise RejectedMessage(
                    "id_reused", f"The message id {message_id!r} was used for another text.",
                    status=409,
                )  # fmt: skip
            answered = await self._is_answered(session, conversation, row.seq)
            return Accepted(seq=row.seq, repeated=True, answered=answered)

    async def _append_message(
        self, conversation: str, message_id: str | None, body: dict[str, Any]
    ) -> int:
        now = time.time()
        async with self._writing, AsyncSession(self.engine) as session, session.begin():
            taken = await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation)
                .values(next_seq=Conversation.next_seq + 1, updated_at=now)
                .returning(Conversation.next_seq)
            )
            next_seq = taken.scalar_one_or_none()
            if next_seq is None:
                session.add(Conversation(id=conversation, next_seq=2, epoch=0, updated_at=now))
                await session.flush()
                next_seq = 2
            session.add(
                Record(
                    conversation_id=conversation, seq=next_seq - 1, kind="message",
                    client_message_id=message_id, payload=body, created_at=now,
                )
            )  # fmt: skip
            return next_seq - 1

    async def read(self, conversation: str, *, after: int = 0) -> ConversationLog:
        """Return the events whose number is greater than ``after``."""
        async with AsyncSession(self.engine) as session:
            epoch = await session.scalar(
                select(Conversation.epoch).where(Conversation.id == conversation)
            )
            query = (
                select(Record)
                .where(
                    Record.conversation_id == conversation,
                    Record.kind == "event",
                    Record.seq > after,
                )
                .order_by(Record.seq)
            )
            rows = list(await session.scalars(query))
            return ConversationLog(
                events=[stored_event(dict(row.payload)) for row in rows],
                epoch=epoch or 0,
                last_seq=rows[-1].seq if rows else after,
            )

    async def finish(
        self,
        conversation: str,
        reply_to: int,
        *,
        epoch: int,
        events: Sequence[Event],
        replies: Sequence[dict[str, Any]],
    ) -> Finished:
        """Write the outcome of a turn, all or nothing.

        Args:
            conversation: Its id.
            reply_to: Sequence number of the user's message.
            epoch: The conversation's epoch when it was read.
            events: What the turn did to the conversation.
            replies: What the client is told.

        Raises:
            Conflict: Another turn was finished in the meantime, or the message is answered
                already; nothing was written.
        """
        kinds = [("event", each.as_json()) for each in events]
        kinds += [("reply", dict(each)) for each in replies]
        kinds.append(("done", {}))
        now = time.time()
        async with self._writing, AsyncSession(self.engine) as session, session.begin():
            taken = await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation, Conversation.epoch == epoch)
                .values(
                    next_seq=Conversation.next_seq + len(kinds), epoch=epoch + 1, updated_at=now
                )
                .returning(Conversation.next_seq)
            )
            next_seq = taken.scalar_one_or_none()
            if next_seq is None or await self._is_answered(session, conversation, reply_to):
                raise Conflict(conversation)
            first = next_seq - len(kinds)
            session.add_all(
                Record(
                    conversation_id=conversation, seq=first + i, kind=kind,
                    reply_to=reply_to, payload=payload, created_at=now,
                )
                for i, (kind, payload) in enumerate(kinds)
            )  # fmt: skip
        told = [
            StoredReply(seq=first + len(events) + i, reply_to=reply_to, body=dict(each))
            for i, each in enumerate(replies)
        ]
        return Finished(replies=told, last_seq=next_seq - 1)

    async def is_answered(self, conversation: str, message_seq: int) -> bool:
        """Whether a message's turn is finished."""
        async with AsyncSession(self.engine) as session:
            return await self._is_answered(session, conversation, message_seq)

    async def _is_answered(
        self, session: AsyncSession, conversation: str, message_seq: int
    ) -> bool:
        query = select(Record.seq).where(
            Record.conversation_id == conversation,
            Record.kind == "done",
            Record.reply_to == message_seq,
        )
        return await session.scalar(query) is not None

    async def replies_after(self, conversation: str, seq: int) -> list[StoredReply]:
        """Return the replies whose number is greater than ``seq``."""
        return await self._replies(conversation, Record.seq > seq)

    async def replies_to(self, conversation: str, message_seq: int) -> list[StoredReply]:
        """Return the replies to one message."""
        return await self._replies(conversation, Record.reply_to == message_seq)

    async def _replies(self, conversation: str, condition: Any) -> list[StoredReply]:  # noqa: ANN401
        async with AsyncSession(self.engine) as session:
            rows = await session.scalars(
                select(Record)
                .where(Record.conversation_id == conversation, Record.kind == "reply", condition)
                .order_by(Record.seq)
            )
            return [
                StoredReply(seq=row.seq, reply_to=row.reply_to or 0, body=dict(row.payload))
                for row in rows
            ]

    async def unanswered(self) -> list[tuple[str, int, dict[str, Any]]]:
        """Return the messages that were accepted and never answered, oldest first."""
        async with AsyncSession(self.engine) as session:
            done = aliased(Record)
            answered = exists().where(
                done.conversation_id == Record.conversation_id,
                done.kind == "done",
                done.reply_to == Record.seq,
            )
            rows = await session.scalars(
                select(Record)
                .where(Record.kind == "message", ~answered)
                .order_by(Record.created_at, Record.conversation_id, Record.seq)
            )
            return [(row.conversation_id, row.seq, dict(row.payload)) for row in rows]


def _tune_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
