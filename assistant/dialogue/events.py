"""The events that a conversation consists of, in Rasa's JSON.

Each class carries its JSON name in ``kind``; an event that is written here and read by another
program, or the other way round, keeps its fields.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. ``timestamp`` is in seconds since 1970."""

    kind: ClassVar[str] = ""
    timestamp: float = field(default_factory=time.time, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return the event as JSON with its name under ``event``."""
        return {"event": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSaid(Event):
    """A user message and what was understood of it (``parse_data``)."""

    kind: ClassVar[str] = "user"
    text: str | None = None
    parse_data: dict[str, Any] = field(default_factory=dict)
    input_channel: str | None = None
    message_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSaid(Event):
    """A message of the bot; ``data`` holds buttons, image, attachment, custom."""

    kind: ClassVar[str] = "bot"
    text: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(Event):
    """An action was executed; ``hide_rule_turn`` marks turns that only rules handled."""

    kind: ClassVar[str] = "action"
    name: str
    policy: str | None = None
    confidence: float | None = None
    hide_rule_turn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSet(Event):
    """A slot got a value; ``None`` empties it."""

    kind: ClassVar[str] = "slot"
    name: str
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopActive(Event):
    """A form became active; ``name=None`` closes the active one."""

    kind: ClassVar[str] = "active_loop"
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRejected(Event):
    """A form could not use the last message and lets other policies answer."""

    kind: ClassVar[str] = "action_execution_rejected"
    name: str
    policy: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted(Event):
    """Everything before is forgotten."""

    kind: ClassVar[str] = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Event):
    """A new session begins; slots may be carried over by ``SlotSet`` events after it."""

    kind: ClassVar[str] = "session_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsReset(Event):
    """All slots get their initial values."""

    kind: ClassVar[str] = "reset_slots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Event):
    """The last action and what it did are forgotten."""

    kind: ClassVar[str] = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewound(Event):
    """The last user message and what followed are forgotten."""

    kind: ClassVar[str] = "rewind"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Event):
    """The next action is fixed."""

    kind: ClassVar[str] = "followup"
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Event):
    """A human took over; the bot stays silent."""

    kind: ClassVar[str] = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The bot answers again."""

    kind: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEvent(Event):
    """An event that has no effect here and is kept as it came."""

    kind: ClassVar[str] = "other"
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON that was read."""
        return self.body


KINDS: dict[str, type[Event]] = {
    each.kind: each
    for each in (
        UserSaid, BotSaid, ActionDone, SlotSet, LoopActive, ActionRejected, Restarted,
        SessionStarted, SlotsReset, Undone, Rewound, FollowUp, Paused, Resumed,
    )
}  # fmt: skip
KINDS["form"] = LoopActive


def event_from_json(body: dict[str, Any]) -> Event:
    """Read one event; unknown names become `OtherEvent`, unknown keys are dropped."""
    known = KINDS.get(str(body.get("event")))
    if known is None:
        return OtherEvent(body=body)
    names = {each.name for each in fields(known)}
    values = {key: value for key, value in body.items() if key in names and value is not None}
    if known in (LoopActive, FollowUp):
        values.setdefault("name", None)
    try:
        return known(**values)
    except TypeError:
        return OtherEvent(body=body)
