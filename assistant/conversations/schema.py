"""The tables of the conversation store."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ColumnClause,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

TABLES = MetaData()

conversation = Table(
    "conversation",
    TABLES,
    Column("id", String(255), primary_key=True),
    Column("next_seq", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("updated_at", Float, nullable=False),
)
"""One conversation: the number that its next record gets, and how many turns it had."""

event = Table(
    "event",
    TABLES,
    Column("conversation_id", String(255), ForeignKey("conversation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("client_message_id", String(255)),
    Column("reply_to", Integer),
    Column("payload", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("conversation_id", "client_message_id"),
)
"""One thing that happened; rows are only ever added.

``kind`` is ``message`` (what a client sent), ``event`` (what it did to the conversation),
``reply`` (what the client is told) or ``done`` (the message ``reply_to`` is answered).
"""

DONE: ColumnClause[str] = literal_column(
    "'done'", String
)  # written out: a partial index is for a known value only

is_done = event.c.kind == DONE
answered = Index(
    "event_done",
    event.c.conversation_id,
    event.c.reply_to,
    sqlite_where=is_done,
    postgresql_where=is_done,
)
"""Finds whether a message is answered; stores of earlier versions get it when they are opened."""

reminder = Table(
    "reminder",
    TABLES,
    Column("conversation_id", String(255), ForeignKey("conversation.id"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("due_at", Float, nullable=False),
    Column("payload", JSON, nullable=False),
)
"""The reminders that are pending; each follows from the events of its conversation."""
