"""Read events from Rasa's JSON.

Source: ``rasa.shared.core.events`` of Rasa 3.6; ``form`` and ``form_validation`` are the names of
Rasa 1 for ``active_loop`` and ``loop_interrupted``, and are written under the new names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from assistant.errors import EventError, nearest

from .events import (
    WORDS,
    ActionDone,
    ActionRejected,
    AgentSaid,
    BotSaid,
    EntitiesAdded,
    Event,
    FollowUp,
    LoopActive,
    LoopInterrupted,
    OtherEvent,
    Paused,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    Resumed,
    Rewound,
    SessionStarted,
    SlotSet,
    SlotsReset,
    StoryExported,
    Undone,
    UserSaid,
    WordsCounted,
)

LONGEST_NAME = 255
KINDS: dict[str, type[Event]] = {
    **{
        each.kind: each
        for each in (
            UserSaid, BotSaid, SlotSet, ActionDone, Restarted, Rewound, SlotsReset,
            ReminderScheduled, ReminderCancelled, Undone, StoryExported, FollowUp, Paused, Resumed,
            AgentSaid, LoopActive, LoopInterrupted, ActionRejected, SessionStarted, EntitiesAdded,
            WordsCounted,
        )
    },
    "form": LoopActive,
    "form_validation": LoopInterrupted,
}  # fmt: skip
"""The event types by their name in JSON."""


def event_from_json(body: object) -> Event:
    """Read one event; keys that it does not have are passed over.

    Raises:
        EventError: It is no event, of an unknown name, or a field is missing or wrong.
    """
    if not isinstance(body, Mapping):
        raise EventError(f"An event must be a JSON object, not {type(body).__name__}.")
    name = str(body.get("event"))
    kind = KINDS.get(name)
    if kind is None:
        raise EventError(f"no event is called {name!r}. {nearest(name, KINDS)}")
    values = _values(kind, name, body)
    for each in fields(kind):
        needed = each.default is MISSING and each.default_factory is MISSING
        if needed and each.name not in values:
            raise EventError(f"the event {name!r} needs {each.name!r}.")
    _check(name, values)
    return kind(**values)


def _values(kind: type[Event], name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The event's fields as they stand in its JSON; ``null`` is the same as nothing."""
    known = {each.name for each in fields(kind)}
    values = {key: value for key, value in body.items() if key in known and value is not None}
    if kind in (LoopActive, FollowUp):
        values.setdefault("name", None)
    elif kind is ActionDone and "name" not in values and body.get("action_text"):
        values["name"] = f"{WORDS}{body['action_text']}"
    elif kind is LoopInterrupted:
        old = not body.get("validate") if name == "form_validation" else False
        values.setdefault("is_interrupted", old)
    return values


def _check(name: str, values: Mapping[str, Any]) -> None:
    """Check the types of the fields that the rest of the program leans on."""
    for key, types in _TYPES.items():
        if values.get(key) is not None and not isinstance(values[key], types):
            raise EventError(f"{key!r} of the event {name!r} is {values[key]!r:.60}.")
    if "parse_data" in values:
        parse = values["parse_data"]
        is_parse = isinstance(parse.get("intent") or {}, Mapping)
        if not is_parse or not _are_entities(parse.get("entities") or []):
            raise EventError(f"'parse_data' of the event {name!r} is no parse result.")
    if name == EntitiesAdded.kind and not _are_entities(values.get("entities") or []):
        raise EventError(f"'entities' of the event {name!r} are {values['entities']!r:.60}.")
    if name == ReminderScheduled.kind and len(values.get("name", "")) > LONGEST_NAME:
        raise EventError(f"the name of a reminder has at most {LONGEST_NAME} characters.")
    if "date_time" in values:
        try:
            datetime.fromisoformat(values["date_time"])
        except ValueError as error:
            raise EventError(
                f"'date_time' of the event {name!r} is {values['date_time']!r:.60}; "
                "it must be ISO 8601, e.g. 2030-01-31T18:00:00+00:00."
            ) from error


_TYPES: dict[str, type | tuple[type, ...]] = {
    "timestamp": (int, float),
    "metadata": dict,
    "name": str,
    "intent": str,
    "date_time": str,
    "parse_data": dict,
    "text": str,
    "data": dict,
    "entities": (list, dict),
    "policy": str,
    "confidence": (int, float),
    "path": str,
}


def _are_entities(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, Mapping) and "entity" in each for each in value
    )


def stored_event(body: dict[str, Any]) -> Event:
    """Read an event of a store; what is no event of ours is kept as it came."""
    try:
        return event_from_json(body)
    except EventError:
        return OtherEvent(body=body)
