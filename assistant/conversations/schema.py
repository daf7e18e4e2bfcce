"""The two tables of the conversation store."""

from __future__ import annotations

from sqlalchemy import JSON, Float, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Tables(DeclarativeBase):
    """The store's schema."""


class Conversation(Tables):
    """One conversation: the number that its next record gets, and how many turns it had."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    next_seq: Mapped[int] = mapped_column(Integer, default=1)
    epoch: Mapped[int] = mapped_column(Integer, default=0)
    updated_at: Mapped[float] = mapped_column(Float)


class Record(Tables):
    """One thing that happened; rows are only ever added.

    ``kind`` is ``message`` (what a client sent), ``event`` (what it did to the conversation),
    ``reply`` (what the client is told) or ``done`` (the message ``reply_to`` is answered).
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("conversation_id", "client_message_id"),)

    conversation_id: Mapped[str] = mapped_column(
        String(255), ForeignKey("conversation.id"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    client_message_id: Mapped[str | None] = mapped_column(String(255))
    reply_to: Mapped[int | None] = mapped_column(Integer)
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    created_at: Mapped[float] = mapped_column(Float)
