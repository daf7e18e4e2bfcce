"""Play a story: the events that a conversation like it would have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.domain import Domain
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, UserStep

from .events import ActionDone, Event, LoopActive, SlotSet, UserSaid
from .slot_filling import slots_of_entities
from .tracker import LISTEN

ACTIONS = (ActionStep, BotStep)


def events_of(steps: Iterable[Step], domain: Domain | None = None) -> list[Event]:
    """Play a linear story: its events, with listening before each user message.

    A story that begins with an action goes on from the middle of a conversation: nothing is known
    of what was before that action, listening neither.

    Args:
        steps: Of the story, without checkpoints and alternatives.
        domain: Says what a slot that is only named holds; see `named_value`.
    """
    steps = list(steps)
    listens = not begins_with_action(steps)
    events: list[Event] = [ActionDone(name=LISTEN)] if listens else []
    for step in steps:
        if isinstance(step, UserStep):
            if not listens:
                events.append(ActionDone(name=LISTEN))
            events.append(said(step))
            events += slots_of_entities(step.entities, domain) if domain else []
            listens = False
        elif isinstance(step, ACTIONS):
            name = action_name(step)
            events.append(ActionDone(name=name))
            listens = name == LISTEN
        elif isinstance(step, SlotStep):
            events.append(SlotSet(name=step.name, value=named_value(step, domain)))
        elif isinstance(step, LoopStep):
            events.append(LoopActive(name=step.name))
    if not listens:
        events.append(ActionDone(name=LISTEN))
    return events


def begins_with_action(steps: Iterable[Step]) -> bool:
    """Whether the bot acts before the user says anything."""
    first = next((step for step in steps if isinstance(step, (UserStep, *ACTIONS))), None)
    return isinstance(first, ACTIONS)


def action_name(step: ActionStep | BotStep) -> str:
    """Return the action of a step; words of the bot are an action of their own."""
    return step.name if isinstance(step, ActionStep) else f"say:{step.text}"


def named_value(step: SlotStep, domain: Domain | None) -> Any:  # noqa: ANN401
    """Return the value of a slot step.

    A bare name means "filled" for a text or a list; other types need a value, and count as not
    set without one, as in Rasa.
    """
    if step.value != ANY:
        return step.value
    slot = domain.slots.get(step.name) if domain else None
    if slot is None:
        return True
    return {"text": "filled", "list": ["filled"]}.get(slot.type)


def said(step: UserStep) -> UserSaid:
    """The user message of a story step, as if it had been understood so.

    Without an intent only its words count.
    """
    intent = step.intent.split("/", 1)[0] if step.intent else None
    return UserSaid(
        text=step.text,
        parse_data={
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [
                {"entity": entity, "value": value, "role": role, "group": group}
                for entity, value, role, group in step.entities
            ],
        },
    )
