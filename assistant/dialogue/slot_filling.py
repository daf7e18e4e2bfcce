"""Fill slots from a user message by the mappings of the domain (``action_extract_slots``)."""

from __future__ import annotations

from typing import Any

from assistant.domain import Mapping, Slot

from .events import Event, SlotSet
from .tracker import Tracker

NOTHING = object()


def extract_slots(tracker: Tracker) -> list[Event]:
    """Return the slots that the last message fills; the first mapping that applies wins."""
    events: list[Event] = []
    for slot in tracker.domain.slots.values():
        for mapping in slot.mappings:
            if not _applies(mapping, slot, tracker):
                continue
            value = _value(mapping, tracker)
            if value is not NOTHING:
                events.append(SlotSet(name=slot.name, value=coerced(slot, value)))
                break
    return events


def _applies(mapping: Mapping, slot: Slot, tracker: Tracker) -> bool:
    intent = tracker.intent
    full = (tracker.latest.parse_data.get("intent") or {}).get("full") if tracker.latest else None
    if mapping.intents and intent not in mapping.intents and full not in mapping.intents:
        return False
    if mapping.not_intents and (intent in mapping.not_intents or full in mapping.not_intents):
        return False
    if mapping.type == "from_trigger_intent" and tracker.loop:
        return False
    form = tracker.domain.forms.get(tracker.loop or "")
    if form and slot.name in form.required and intent in form.ignored_intents:
        return False
    return not mapping.conditions or any(
        condition.active_loop == tracker.loop
        and condition.requested_slot in (None, tracker.slots.get("requested_slot"))
        for condition in mapping.conditions
    )


def _value(mapping: Mapping, tracker: Tracker) -> Any:  # noqa: ANN401
    if mapping.type == "from_entity":
        return _entity_value(mapping, tracker)
    if mapping.type == "from_text":
        text = tracker.latest.text if tracker.latest else None
        return text if text and not text.startswith("/") else NOTHING
    if mapping.type in ("from_intent", "from_trigger_intent"):
        return mapping.value
    return NOTHING


def _entity_value(mapping: Mapping, tracker: Tracker) -> Any:  # noqa: ANN401
    values = [
        found["value"]
        for found in tracker.entities
        if found["entity"] == mapping.entity
        and (mapping.role is None or found.get("role") == mapping.role)
        and (mapping.group is None or found.get("group") == mapping.group)
    ]
    if not values:
        return NOTHING
    return values[-1]


def coerced(slot: Slot, value: Any) -> Any:  # noqa: ANN401
    """Bring a value into the slot's type where that is possible."""
    if slot.type == "list" and not isinstance(value, list):
        return [value]
    if slot.type == "bool" and isinstance(value, str):
        return value.strip().lower() in {"true", "yes", "1", "on"}
    if slot.type == "float" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value
