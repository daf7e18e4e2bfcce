"""Rules taken apart: after these states comes this action.

A rule asks for some things of a state and leaves the rest open; that is a `Pattern`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain import Domain
from assistant.stories import ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

from .events import SlotSet
from .slot_features import Feature, slot_feature
from .slot_filling import slots_of_entities
from .states import SeenEntity, State, visible_entities
from .story_events import action_name, named_value
from .story_paths import unfold
from .tracker import LISTEN

UNSET: Feature = (-1.0,)
NO_LOOP = "\x00none"
SNIPPET = "..."
"""Stands in a rule for whatever came before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a rule asks of one state; ``None`` and absent slots ask for nothing.

    ``loop`` is `NO_LOOP` where no form may be active; a slot's feature is `UNSET` where it may
    not be set. Entities must be exactly the asked ones, where any are asked for.
    """

    previous: str | None
    intent: str | None = None
    text: str | None = None
    entities: frozenset[SeenEntity] = frozenset()
    slots: tuple[tuple[str, Feature], ...] = ()
    loop: str | None = None

    def fits(self, state: State) -> bool:
        """Whether a state is one that this pattern describes."""
        if self.previous is not None and self.previous != state.previous:
            return False
        if self.intent is not None and self.intent != state.intent:
            return False
        if self.text is not None and self.text != state.text:
            return False
        if self.entities and self.entities != state.entities:
            return False
        if self.loop is not None and self.loop != (state.loop or NO_LOOP):
            return False
        known = dict(state.slots)
        return all(known.get(name, UNSET) == feature for name, feature in self.slots)

    def as_json(self) -> dict[str, Any]:
        """Return the pattern under the names that Rasa gives the parts of a state."""
        user: dict[str, Any] = {}
        if self.intent or self.text:
            user = {"intent": self.intent} if self.intent else {"text": self.text}
        if self.entities:
            user["entities"] = sorted(
                label for name, role, group in self.entities
                for label in (name, role and f"{name}#{role}", group and f"{name}#{group}") if label
            )  # fmt: skip
        loop = "should_not_be_set" if self.loop == NO_LOOP else self.loop
        parts: dict[str, Any] = {
            "user": user,
            "slots": {
                name: "should_not_be_set" if feature == UNSET else list(feature)
                for name, feature in self.slots
            },
            "prev_action": {"action_name": self.previous} if self.previous else {},
            "active_loop": {"name": loop} if loop else {},
        }
        return {name: part for name, part in parts.items() if part}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One action of a rule: after these states comes this action."""

    states: tuple[Pattern, ...]
    action: str
    rule: str
    from_start: bool
    weight: int

    def fits(self, history: Sequence[State]) -> bool:
        """Whether the end of a conversation looks like this rule."""
        asked = len(self.states)
        if len(history) < asked or (self.from_start and len(history) != asked):
            return False
        recent = history[len(history) - asked :]
        return all(pattern.fits(state) for pattern, state in zip(self.states, recent, strict=True))


def rule_lines(rules: Sequence[Story], domain: Domain) -> Iterator[Line]:
    """Yield the lines of all rules."""
    for rule, steps in unfold(rules):
        yield from _lines(replace(rule, steps=steps), domain)


def _lines(rule: Story, domain: Domain) -> Iterator[Line]:
    now = Pattern(previous=None)
    for step in rule.conditions:
        now = _after(step, now, domain)
    states: list[Pattern] = []
    for step in rule.steps:
        name = action_name(step) if isinstance(step, (ActionStep, BotStep)) else None
        if name == SNIPPET:  # whatever came before, and whatever the user said
            states, now = [], replace(now, previous=None, intent=None, text=None)
            continue
        if name is None:
            if isinstance(step, UserStep) and now.previous not in {None, LISTEN}:
                states.append(now)  # listen before it
                yield _line(states, LISTEN, rule)
            now = _after(step, now, domain)
            continue
        if now.previous:  # what comes before the first step of a rule is open
            states.append(now)
            yield _line(states, name, rule)
        now = replace(now, previous=name)
    if rule.waits and now.previous:
        yield _line([*states, now], LISTEN, rule)


def _line(states: Sequence[Pattern], action: str, rule: Story) -> Line:
    """Make a line; of several that fit, Rasa takes the one whose states are longest in JSON."""
    shape = [pattern.as_json() for pattern in states]
    if rule.from_start:
        shape.insert(0, {})
    return Line(
        states=tuple(states),
        action=action,
        rule=rule.name,
        from_start=rule.from_start,
        weight=len(json.dumps(shape, sort_keys=True)),
    )


def _after(step: Step, now: Pattern, domain: Domain) -> Pattern:
    """What a rule asks for after a step that is no action."""
    if isinstance(step, UserStep):
        intent = step.intent.split("/", 1)[0] if step.intent else None
        text = step.text if intent is None else None
        found = [
            {"entity": entity, "role": role, "group": group}
            for entity, _, role, group in step.entities
        ]
        entities = visible_entities(domain, intent, found) if intent else frozenset[SeenEntity]()
        now = replace(now, previous=LISTEN, intent=intent, text=text, entities=entities)
        for event in slots_of_entities(step.entities, domain):
            if isinstance(event, SlotSet):
                now = _after(SlotStep(name=event.name, value=event.value), now, domain)
        return now
    if isinstance(step, LoopStep):
        return replace(now, loop=step.name or NO_LOOP)
    if isinstance(step, SlotStep):
        feature = asked_feature(step, domain)
        others = tuple(pair for pair in now.slots if pair[0] != step.name)
        return replace(now, slots=others if feature is None else (*others, (step.name, feature)))
    return now


def asked_feature(step: SlotStep, domain: Domain) -> Feature | None:
    """What a slot step of a rule asks for; ``None`` where the policies see nothing of the slot."""
    slot = domain.slots.get(step.name)
    if slot is None or not slot.influences or slot.type == "any":
        return None
    value = named_value(step, domain)
    return UNSET if value is None else slot_feature(slot, value, domain.root)
