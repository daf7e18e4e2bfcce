"""Play stories and rules as conversations, with the place of each event in the files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from assistant.dialogue.events import ActionDone, Event, UserSaid
from assistant.dialogue.story_events import events_of
from assistant.dialogue.tracker import LISTEN
from assistant.stories import ActionStep, BotStep, Step, Story, UserStep

from .names import SNIPPET

PlacedEvent = tuple[Event, str]


def play_story(steps: Sequence[Step]) -> list[PlacedEvent]:
    """The events of a linear story; listening stands where the step before it does."""
    return list(_placed(steps))


def play_rule(rule: Story, steps: Sequence[Step]) -> list[PlacedEvent]:
    """The events of a rule: its conditions, anything at all, its steps."""
    before = [(event, rule.where) for event in events_of(rule.conditions)[1:]]
    if not rule.from_start:
        before.append((ActionDone(name=SNIPPET), rule.where))
    played = list(_placed(steps))
    if not rule.waits and _is_listening(played[-1][0]):
        played.pop()
    return [*before, *played]


def _placed(steps: Sequence[Step]) -> Iterator[PlacedEvent]:
    waiting = deque(step for step in steps if isinstance(step, (UserStep, ActionStep, BotStep)))
    where = waiting[0].where if waiting else ""
    for event in events_of(steps):
        if waiting and _tells(waiting[0], event):
            where = waiting.popleft().where
        yield event, where


def _tells(step: UserStep | ActionStep | BotStep, event: Event) -> bool:
    """Whether an event is the one that a step stands for."""
    if isinstance(step, UserStep):
        return isinstance(event, UserSaid)
    name = step.name if isinstance(step, ActionStep) else f"say:{step.text}"
    return isinstance(event, ActionDone) and event.name == name


def _is_listening(event: Event) -> bool:
    return isinstance(event, ActionDone) and event.name == LISTEN
