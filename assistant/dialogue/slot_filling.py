"""Fill slots from a user message by the mappings of the domain.

Semantics follow Rasa's ``action_extract_slots``: in the order of the domain, the first mapping
that applies wins; a ``custom`` mapping lets an action set the slot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.domain import Condition, Domain, Mapping, Slot
from assistant.stories import ANY

from .events import Event, SlotSet
from .tracker import Tracker

NOTHING = object()


def extract_slots(tracker: Tracker) -> list[Event]:
    """Return the slots that the last message fills without an action's help."""
    return [
        SlotSet(name=slot.name, value=_in_shape(slot, values))
        for slot, _, values in _applying(tracker)
        if values is not NOTHING
    ]


def actions_that_fill(tracker: Tracker) -> list[str]:
    """Return the actions that are to fill slots now, each once."""
    return list(
        dict.fromkeys(
            mapping.action
            for _, mapping, values in _applying(tracker)
            if values is NOTHING and mapping.action
        )
    )


def slots_of_entities(
    entities: Sequence[tuple[str, Any, str | None, str | None]], domain: Domain
) -> list[Event]:
    """Return the slots that a story's entities fill: mappings that need no active form.

    An entity that is only named fills its slot with an empty text, which counts as set.
    """
    events: list[Event] = []
    for slot in domain.slots.values() if domain.store_entities else ():
        values = [
            "" if value == ANY else value
            for mapping in slot.mappings
            if mapping.type == "from_entity"
            and not (mapping.conditions and mapping.conditions[0].active_loop)
            for entity, value, role, group in entities
            if (entity, role, group) == (mapping.entity, mapping.role, mapping.group)
        ]
        if values:
            events.append(SlotSet(name=slot.name, value=_in_shape(slot, values)))
    return events


def _applying(tracker: Tracker) -> Iterator[tuple[Slot, Mapping, Any]]:
    """Yield each mapping that applies up to the one that gives values, and its values."""
    for slot in tracker.domain.slots.values():
        for mapping in slot.mappings:
            if not _applies(mapping, slot, tracker):
                continue
            values = _values(mapping, tracker)
            yield slot, mapping, values
            if values is not NOTHING:
                break


def _applies(mapping: Mapping, slot: Slot, tracker: Tracker) -> bool:
    if not _wants_intent(mapping, tracker):
        return False
    if mapping.type == "from_trigger_intent":
        return _triggers(mapping, tracker)
    if mapping.conditions and not _meets_conditions(mapping, slot, tracker):
        return False
    return mapping.type != "from_entity" or _is_clear(mapping, slot, tracker)


def _wants_intent(mapping: Mapping, tracker: Tracker) -> bool:
    """Whether the message's intent is one that the mapping takes.

    A form's ignored intents fill none of the slots that are mapped to it.
    """
    full = (tracker.latest.parse_data.get("intent") or {}).get("full") if tracker.latest else None
    names = {tracker.intent, full}
    if mapping.intents:
        return bool(names & set(mapping.intents))
    loops = [condition.active_loop for condition in mapping.conditions]
    form = tracker.domain.forms.get(tracker.loop or "")
    ignored = form.ignored_intents if form and (not loops or form.name in loops) else ()
    return not names & {*mapping.not_intents, *ignored}


def _triggers(mapping: Mapping, tracker: Tracker) -> bool:
    """Whether the form that the message opened, or one it is inside, is the mapping's."""
    loops = [condition.active_loop for condition in mapping.conditions]
    return tracker.loop is not None and (not loops or tracker.loop in loops)


def _meets_conditions(mapping: Mapping, slot: Slot, tracker: Tracker) -> bool:
    requested = tracker.slots.get("requested_slot")
    if tracker.rejected and requested == slot.name:
        return False

    def holds(condition: Condition) -> bool:
        if condition.active_loop is None:
            return tracker.loop is None
        return condition.active_loop == tracker.loop and condition.requested_slot in (
            None, requested,
        )  # fmt: skip

    return any(holds(condition) for condition in mapping.conditions)


def _is_clear(mapping: Mapping, slot: Slot, tracker: Tracker) -> bool:
    """Whether an entity can mean only this slot of a form, or this slot was asked for.

    Of two slots of a form that the same entity fills, only the one that is asked for gets it.
    """
    form = tracker.domain.forms.get(tracker.loop or "")
    if form is None or slot.name not in form.required:
        return True
    if tracker.slots.get("requested_slot") == slot.name:
        return True
    rivals = [
        each
        for name in form.required
        for each in getattr(tracker.domain.slots.get(name), "mappings", ())
        if each == mapping
    ]
    return len(rivals) < 2


def _values(mapping: Mapping, tracker: Tracker) -> Any:  # noqa: ANN401
    """The values that a mapping finds; `NOTHING` where it finds none."""
    if mapping.type == "from_entity":
        wanted = (mapping.entity, mapping.role, mapping.group)
        return [
            found["value"] for found in tracker.entities
            if (found["entity"], found.get("role"), found.get("group")) == wanted
        ] or NOTHING  # fmt: skip
    if mapping.type == "from_text":
        text = tracker.latest.text if tracker.latest else None
        return [text] if text else NOTHING
    if mapping.type in ("from_intent", "from_trigger_intent"):
        return [mapping.value]
    return NOTHING


def _in_shape(slot: Slot, values: list[Any]) -> Any:  # noqa: ANN401
    return values if slot.type == "list" else values[-1]
