"""Memoized stories: a conversation that stands in the stories goes on as they do.

Where the whole history is not in a story, older turns are forgotten one by one until the rest
is (Rasa's AugmentedMemoizationPolicy).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain import Domain
from assistant.stories import (
    ANY,
    ActionStep,
    BotStep,
    LoopStep,
    SlotStep,
    Step,
    Story,
    UserStep,
)

from .events import ActionDone, Event, LoopActive, SlotSet, UserSaid
from .prediction import Prediction
from .states import State, StateBuilder
from .story_paths import unfold
from .tracker import LISTEN


class MemoryPolicy:
    """Predicts what the stories say."""

    def __init__(
        self, stories: Sequence[Story], domain: Domain, *, max_history: int | None = 5
    ) -> None:
        self.max_history = max_history
        self._next: dict[tuple[State, ...], str | None] = {}
        for _, steps in unfold(stories):
            for states, action in moments(events_of(steps), domain):
                key = self._recent(states)
                known = self._next.setdefault(key, action)
                if known != action:
                    self._next[key] = None  # the stories disagree: no memory of it

    def _recent(self, states: Sequence[State]) -> tuple[State, ...]:
        return tuple(states if self.max_history is None else states[-self.max_history :])

    def predict(self, history: Sequence[State]) -> Prediction | None:
        """Return the action that a story has here, or ``None``."""
        recent = self._recent(history)
        for start in range(len(recent)):
            if start and recent[start].previous != LISTEN:
                continue  # forget whole turns only
            action = self._next.get(recent[start:])
            if action is not None:
                return Prediction(action=action, confidence=1.0, policy="MemoryPolicy")
        return None


def moments(events: Iterable[Event], domain: Domain) -> Iterable[tuple[tuple[State, ...], str]]:
    """Yield the states before each action of a story, and the action."""
    builder = StateBuilder(domain)
    states: list[State] = []
    for event in events:
        if isinstance(event, ActionDone) and (states or event.name != LISTEN):
            states.append(builder.state())
            yield tuple(states), event.name
        builder.follow(event)


def events_of(steps: Iterable[Step]) -> list[Event]:
    """Play a linear story: its events, with listening before each user message."""
    events: list[Event] = [ActionDone(name=LISTEN)]
    listens = True
    for step in steps:
        if isinstance(step, UserStep):
            if not listens:
                events.append(ActionDone(name=LISTEN))
            events.append(said(step))
            listens = False
        elif isinstance(step, (ActionStep, BotStep)):
            name = step.name if isinstance(step, ActionStep) else f"say:{step.text}"
            events.append(ActionDone(name=name))
            listens = name == LISTEN
        elif isinstance(step, SlotStep):
            value = True if step.value == ANY else step.value
            events.append(SlotSet(name=step.name, value=value))
        elif isinstance(step, LoopStep):
            events.append(LoopActive(name=step.name))
    if not listens:
        events.append(ActionDone(name=LISTEN))
    return events


def said(step: UserStep) -> UserSaid:
    """The user message of a story step, as if it had been understood so."""
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
