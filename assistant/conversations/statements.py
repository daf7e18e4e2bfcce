"""The statements of the conversation store, each built once; they run inside a transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, insert, select, update

from .schema import DONE, conversation, event, is_done, reminder

Rows = Sequence[Any]
"""Rows with their columns as attributes."""

_ID: BindParameter[str] = bindparam("conversation")
_TAKE_ONE = (
    update(conversation)
    .where(conversation.c.id == _ID)
    .values(next_seq=conversation.c.next_seq + 1, updated_at=bindparam("now"))
    .returning(conversation.c.next_seq)
)
_IS_ANSWERED = exists().where(
    event.c.conversation_id == _ID, is_done, event.c.reply_to == bindparam("answers")
)
_TAKE_TURN = (
    update(conversation)
    .where(conversation.c.id == _ID, conversation.c.epoch == bindparam("read_at"), ~_IS_ANSWERED)
    .values(
        next_seq=conversation.c.next_seq + bindparam("count"),
        epoch=conversation.c.epoch + 1,
        updated_at=bindparam("now"),
    )
    .returning(conversation.c.next_seq)
)
_NEWS = (
    select(conversation.c.epoch, event.c.seq, event.c.payload)
    .select_from(
        conversation.outerjoin(
            event,
            (event.c.conversation_id == conversation.c.id)
            & (event.c.kind == "event")
            & (event.c.seq > bindparam("after")),
        )
    )
    .where(conversation.c.id == _ID)
    .order_by(event.c.seq)
)
_BY_CLIENT_ID = select(event.c.seq, event.c.payload).where(
    event.c.conversation_id == _ID, event.c.client_message_id == bindparam("message_id")
)
_REPLIES = (
    select(event.c.seq, event.c.reply_to, event.c.payload)
    .where(event.c.conversation_id == _ID, event.c.kind == "reply")
    .order_by(event.c.seq)
)
_REPLIES_AFTER = _REPLIES.where(event.c.seq > bindparam("seq"))
_REPLIES_TO = _REPLIES.where(event.c.reply_to == bindparam("seq"))
_done = event.alias("done")
_UNANSWERED = (
    select(event.c.conversation_id, event.c.seq, event.c.payload)
    .where(
        event.c.kind == "message",
        ~exists().where(
            _done.c.conversation_id == event.c.conversation_id,
            _done.c.kind == DONE,
            _done.c.reply_to == event.c.seq,
        ),
    )
    .order_by(event.c.created_at, event.c.conversation_id, event.c.seq)
)


def take_number(connection: Connection, name: str) -> int:
    """Return the conversation's next number; a conversation that is new begins with 1."""
    now = time.time()
    found = connection.execute(_TAKE_ONE, {"conversation": name, "now": now}).scalar_one_or_none()
    if found is None:
        begin(connection, name, next_seq=2)
        return 1
    return int(found) - 1


def begin(connection: Connection, name: str, *, next_seq: int = 1) -> None:
    """Add a conversation."""
    row = {"id": name, "next_seq": next_seq, "epoch": 0, "updated_at": time.time()}
    connection.execute(insert(conversation), row)


def exists_conversation(connection: Connection, name: str) -> bool:
    """Whether there is a conversation of that name."""
    found = connection.execute(select(conversation.c.id).where(conversation.c.id == name))
    return found.first() is not None


def take_turn(
    connection: Connection, name: str, *, epoch: int, answers: int | None, count: int
) -> int | None:
    """Count a turn and return the first of ``count`` numbers for it.

    Returns:
        ``None`` where another turn was counted since the conversation was read at ``epoch``, or
        the message of the number ``answers`` is answered.
    """
    values = {
        "conversation": name, "read_at": epoch, "answers": answers, "count": count,
        "now": time.time(),
    }  # fmt: skip
    found = connection.execute(_TAKE_TURN, values).scalar_one_or_none()
    return None if found is None else int(found) - count


def add_records(
    connection: Connection,
    name: str,
    first: int,
    records: Sequence[tuple[str, dict[str, Any]]],
    *,
    reply_to: int | None = None,
    message_id: str | None = None,
) -> None:
    """Add records (kind and payload) under successive numbers."""
    now = time.time()
    rows = [
        {
            "conversation_id": name, "seq": first + i, "kind": kind, "payload": payload,
            "client_message_id": message_id, "reply_to": reply_to, "created_at": now,
        }
        for i, (kind, payload) in enumerate(records)
    ]  # fmt: skip
    connection.execute(insert(event), rows)


def news(connection: Connection, name: str, after: int) -> Rows:
    """Return (epoch, seq, payload) of events; one row without them where there are none."""
    return connection.execute(_NEWS, {"conversation": name, "after": after}).all()


def by_client_id(
    connection: Connection, name: str, message_id: str
) -> tuple[int, dict[str, Any]] | None:
    """Return the number and the body of a message."""
    values = {"conversation": name, "message_id": message_id}
    row = connection.execute(_BY_CLIENT_ID, values).first()
    return None if row is None else (row.seq, dict(row.payload))


def is_answered(connection: Connection, name: str, seq: int) -> bool:
    """Whether a message's turn is finished."""
    found = connection.execute(select(_IS_ANSWERED), {"conversation": name, "answers": seq})
    return bool(found.scalar_one())


def replies_after(connection: Connection, name: str, seq: int) -> Rows:
    """Return (seq, reply_to, payload) of the replies whose number is greater."""
    return connection.execute(_REPLIES_AFTER, {"conversation": name, "seq": seq}).all()


def replies_to(connection: Connection, name: str, seq: int) -> Rows:
    """Return (seq, reply_to, payload) of the replies to a message."""
    return connection.execute(_REPLIES_TO, {"conversation": name, "seq": seq}).all()


def unanswered(connection: Connection) -> Rows:
    """Return (conversation, seq, payload) of the messages without an answer, oldest first."""
    return connection.execute(_UNANSWERED).all()


def conversations(connection: Connection) -> list[str]:
    """Return the names of all conversations, sorted."""
    found = connection.execute(select(conversation.c.id).order_by(conversation.c.id))
    return [str(name) for name in found.scalars()]


def set_reminders(connection: Connection, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put reminders (name, due_at, payload) in the place of those that were pending."""
    connection.execute(delete(reminder).where(reminder.c.conversation_id == name))
    if rows:
        connection.execute(insert(reminder), [{**row, "conversation_id": name} for row in rows])


def pending_reminders(connection: Connection) -> Rows:
    """Return (conversation, payload) of all reminders, the first due first."""
    query = select(reminder.c.conversation_id, reminder.c.payload).order_by(reminder.c.due_at)
    return connection.execute(query).all()
