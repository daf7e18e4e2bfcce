"""What running one action gives: events, replies, or a rejection."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.messages import Reply

from .events import Event


@dataclass(kw_only=True)
class Outcome:
    """The result of an action.

    Attributes:
        events: What happens to the conversation, in order.
        replies: What is said.
        rejected: Whether a form could not use the message, so that others may answer.
    """

    events: list[Event] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    rejected: bool = False
