"""The events that a conversation consists of; their fields are those of Rasa's JSON.

| ``event`` | class | ``event`` | class |
|---|---|---|---|
| user | `UserSaid` | bot | `BotSaid` |
| entities | `EntitiesAdded` | agent | `AgentSaid` |
| user_featurization | `WordsCounted` | action | `ActionDone` |
| slot | `SlotSet` | reset_slots | `SlotsReset` |
| active_loop, form | `LoopActive` | action_execution_rejected | `ActionRejected` |
| loop_interrupted, form_validation | `LoopInterrupted` | followup | `FollowUp` |
| session_started | `SessionStarted` | restart | `Restarted` |
| undo | `Undone` | rewind | `Rewound` |
| pause | `Paused` | resume | `Resumed` |
| reminder | `ReminderScheduled` | cancel_reminder | `ReminderCancelled` |
| export | `StoryExported` | | |

`assistant.dialogue.event_json` reads the JSON, `assistant.dialogue.tracker` lets the
events take effect.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar

WORDS = "say:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    Attributes:
        timestamp: When, in seconds since 1970.
        metadata: Free JSON about it.
    """

    kind: ClassVar[str] = ""
    timestamp: float = field(default_factory=time.time, compare=False)
    metadata: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the event as JSON with its name under ``event``."""
        body: dict[str, Any] = {"event": self.kind, "timestamp": self.timestamp}
        if self.metadata:
            body["metadata"] = self.metadata
        for each in fields(self)[2:]:
            body[each.name] = getattr(self, each.name)
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSaid(Event):
    """A user message and what was understood of it.

    Attributes:
        parse_data: Has at least ``intent``, ``entities``, ``text``, ``message_id``, ``metadata``.
        input_channel: Where it came in, e.g. ``"rest"``.
        message_id: The client's own id of it.
    """

    kind: ClassVar[str] = "user"
    text: str | None = None
    parse_data: dict[str, Any] = field(default_factory=dict)
    input_channel: str | None = None
    message_id: str | None = None

    def __post_init__(self) -> None:
        whole: dict[str, Any] = {
            "intent": {},
            "entities": [],
            "text": self.text,
            "message_id": self.message_id,
            "metadata": self.metadata,
        }
        object.__setattr__(self, "parse_data", {**whole, **self.parse_data})

    def as_json(self) -> dict[str, Any]:
        """Return the event; ``metadata`` is always there."""
        return {"metadata": self.metadata, **Event.as_json(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitiesAdded(Event):
    """A policy found entities in the last message."""

    kind: ClassVar[str] = "entities"
    entities: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsCounted(Event):
    """Whether the last message counts by its words, as in end-to-end stories, or its intent."""

    kind: ClassVar[str] = "user_featurization"
    use_text_for_featurization: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSaid(Event):
    """A message of the bot; ``data`` holds buttons, image, attachment, custom."""

    kind: ClassVar[str] = "bot"
    text: str | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the event; ``metadata`` is always there."""
        return {"metadata": self.metadata, **Event.as_json(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSaid(Event):
    """A message of a person who took over from the bot."""

    kind: ClassVar[str] = "agent"
    text: str | None = None
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(Event):
    """An action was executed; ``hide_rule_turn`` marks turns that only rules handled.

    Words of an end-to-end story have the name ``say:WORDS``, in JSON ``action_text``.
    """

    kind: ClassVar[str] = "action"
    name: str
    policy: str | None = None
    confidence: float | None = None
    hide_rule_turn: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the event; words stand under ``action_text`` and have no ``name``."""
        words = self.name.removeprefix(WORDS) if self.name.startswith(WORDS) else None
        named = {"name": None if words is not None else self.name, "action_text": words}
        return {**Event.as_json(self), **named}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSet(Event):
    """A slot got a value; ``None`` empties it."""

    kind: ClassVar[str] = "slot"
    name: str
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsReset(Event):
    """All slots get their initial values."""

    kind: ClassVar[str] = "reset_slots"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopActive(Event):
    """A form became active; ``name=None`` closes the active one."""

    kind: ClassVar[str] = "active_loop"
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopInterrupted(Event):
    """The form comes back after an answer to something else; it is not to read that answer."""

    kind: ClassVar[str] = "loop_interrupted"
    is_interrupted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRejected(Event):
    """A form could not use the last message and lets other policies answer."""

    kind: ClassVar[str] = "action_execution_rejected"
    name: str
    policy: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Event):
    """The next action is fixed."""

    kind: ClassVar[str] = "followup"
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Event):
    """A new session begins; slots may be carried over by ``SlotSet`` events after it."""

    kind: ClassVar[str] = "session_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted(Event):
    """Everything before is forgotten."""

    kind: ClassVar[str] = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Event):
    """The last action and what it did are forgotten."""

    kind: ClassVar[str] = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewound(Event):
    """The last user message and what followed are forgotten."""

    kind: ClassVar[str] = "rewind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Event):
    """A human took over; the bot stays silent."""

    kind: ClassVar[str] = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The bot answers again."""

    kind: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderScheduled(Event):
    """An intent is to be triggered later, as if the user had said it.

    Attributes:
        intent: Its name.
        entities: JSON of entities, or values by entity.
        date_time: When, in ISO 8601; without an offset it is the server's local time.
        name: One reminder of a name is pending at a time; a later one replaces it.
        kill_on_user_msg: Whether a message of the user before that time cancels it.
    """

    kind: ClassVar[str] = "reminder"
    intent: str
    entities: list[dict[str, Any]] | dict[str, Any] | None = None
    date_time: str
    name: str = field(default_factory=lambda: str(uuid.uuid1()))
    kill_on_user_msg: bool = True

    @property
    def due(self) -> float:
        """When it is to be triggered, in seconds since 1970."""
        return datetime.fromisoformat(self.date_time).timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderCancelled(Event):
    """Pending reminders that have this name, intent and entities are dropped.

    What is ``None`` or empty makes no difference; without all three every reminder is dropped.
    """

    kind: ClassVar[str] = "cancel_reminder"
    name: str | None = None
    intent: str | None = None
    entities: list[dict[str, Any]] | dict[str, Any] | None = None

    def cancels(self, reminder: ReminderScheduled) -> bool:
        """Whether a reminder is meant."""
        return (
            (not self.name or self.name == reminder.name)
            and (not self.intent or self.intent == reminder.intent)
            and (not self.entities or self.entities == reminder.entities)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryExported(Event):
    """A story of the conversation was asked for; an event alone never writes a file here."""

    kind: ClassVar[str] = "export"
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEvent(Event):
    """An event of an older store that has no effect here and is kept as it came."""

    kind: ClassVar[str] = "other"
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON that was read."""
        return self.body
