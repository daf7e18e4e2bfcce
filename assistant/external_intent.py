"""An intent that no user said: a reminder came due, or a program triggered it.

It is stored and answered like a message; its text is ``EXTERNAL: intent``, as in Rasa
(``UserUttered.create_external``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .dialogue.events import ReminderScheduled, UserSaid
from .dialogue.tracker import Tracker

PREFIX = "EXTERNAL: "
Entities = list[dict[str, Any]] | dict[str, Any]
"""JSON of entities, or values by entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIntent:
    """What is triggered.

    Attributes:
        reminder: The name of the reminder that it came from.
        due: When that was due, as it was scheduled.
    """

    intent: str
    entities: Entities | None = None
    reminder: str | None = None
    due: str | None = None

    @classmethod
    def of(cls, reminder: ReminderScheduled) -> ExternalIntent:
        """What a reminder triggers."""
        return cls(
            intent=reminder.intent, entities=reminder.entities,
            reminder=reminder.name, due=reminder.date_time,
        )  # fmt: skip

    @property
    def message_id(self) -> str | None:
        """The same for the same moment of the same reminder, so that it comes once."""
        if self.reminder is None:
            return None
        key = f"{self.reminder}\n{self.due}\n{self.intent}"
        return f"reminder-{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    def body(self) -> dict[str, Any]:
        """The message under which it is stored."""
        metadata: dict[str, Any] = {"is_external": True}
        if self.reminder is not None:
            metadata["reminder"] = self.reminder
        return {
            "text": PREFIX + self.intent,
            "channel": None,
            "metadata": metadata,
            "id": self.message_id,
            "external": {"intent": self.intent, "entities": self._entities(), "due": self.due},
        }

    def _entities(self) -> list[dict[str, Any]]:
        if isinstance(self.entities, Mapping):
            return [{"entity": name, "value": value} for name, value in self.entities.items()]
        return list(self.entities or [])


def said_externally(body: Mapping[str, Any], tracker: Tracker, language: str) -> UserSaid:
    """The event of a stored message that is an external intent; the channel stays the last one."""
    external = body["external"]
    return UserSaid(
        text=body["text"],
        parse_data={
            "intent": {"name": external["intent"]}, "entities": external["entities"],
        },
        input_channel=tracker.channel,
        message_id=body.get("id"),
        metadata={**body["metadata"], "language": language},
    )  # fmt: skip


def is_stale(body: Mapping[str, Any], tracker: Tracker) -> bool:
    """Whether a stored message is a reminder that was cancelled, forgotten or put off meanwhile."""
    name = body["metadata"].get("reminder") if "external" in body else None
    if name is None:
        return False
    pending = tracker.reminders.get(name)
    return pending is None or pending.date_time != body["external"]["due"]
