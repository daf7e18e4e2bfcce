"""Rules: pieces of conversation that always go the same way.

Semantics follow Rasa's RulePolicy: an active form goes before rules until it rejects a message;
of several rules that fit, the one that says most wins; without ``conversation_start`` a rule
fits anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain import Domain
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

from .prediction import Prediction
from .states import State, slot_feature
from .story_paths import unfold
from .tracker import LISTEN, Tracker

UNSET = "\x00unset"
_BUILT_IN = {
    "restart": "action_restart",
    "back": "action_back",
    "session_start": "action_session_start",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a rule asks of one state; ``None`` and absent slots ask for nothing.

    ``loop`` is `UNSET` where no form may be active; so is a slot's feature where it may not
    be set.
    """

    previous: str
    intent: str | None = None
    entities: frozenset[tuple[str, str | None, str | None]] = frozenset()
    slots: tuple[tuple[str, str], ...] = ()
    loop: str | None = None

    def fits(self, state: State) -> bool:
        """Whether a state is one that this pattern describes."""
        if self.previous != state.previous:
            return False
        if self.intent is not None and self.intent != state.intent:
            return False
        if not self.entities <= state.entities:
            return False
        if self.loop is not None and self.loop != (state.loop or UNSET):
            return False
        known = dict(state.slots)
        return all(known.get(name, UNSET) == feature for name, feature in self.slots)

    @property
    def weight(self) -> int:
        """How much it asks for."""
        asked = [self.intent, self.loop, *self.entities, *self.slots]
        return 1 + sum(each is not None for each in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One action of a rule: after these states comes this action."""

    states: tuple[Pattern, ...]
    action: str
    rule: str
    from_start: bool

    def fits(self, history: Sequence[State]) -> bool:
        """Whether the end of a conversation looks like this rule."""
        if len(history) < len(self.states) or (
            self.from_start and len(history) != len(self.states)
        ):
            return False
        recent = history[len(history) - len(self.states) :]
        return all(pattern.fits(state) for pattern, state in zip(self.states, recent, strict=True))

    @property
    def weight(self) -> tuple[int, int]:
        """How much the whole line asks for; of equals, the one that looks further back is more."""
        return sum(pattern.weight for pattern in self.states), len(self.states)


class RulePolicy:
    """Predicts by rules, by the active form, and by the built-in intents."""

    def __init__(
        self, rules: Sequence[Story], domain: Domain, *, core_threshold: float = 0.3
    ) -> None:
        self.core_threshold = core_threshold
        self._by_previous: dict[str, list[Line]] = {}
        for rule, steps in unfold(rules):
            for line in _lines(replace(rule, steps=steps), domain):
                self._by_previous.setdefault(line.states[-1].previous, []).append(line)

    def predict(self, tracker: Tracker, history: Sequence[State]) -> Prediction | None:
        """Return the action that rules demand now, or ``None``."""
        if tracker.last_action == LISTEN and tracker.intent in _BUILT_IN:
            return _certain(_BUILT_IN[tracker.intent])
        if tracker.loop and not tracker.rejected:
            action = LISTEN if tracker.last_action == tracker.loop else tracker.loop
            return replace(_certain(action), source="form")
        fitting = [
            line for line in self._by_previous.get(tracker.last_action or "", ())
            if line.fits(history)
        ]  # fmt: skip
        if not fitting:
            return None
        return _certain(max(fitting, key=lambda line: line.weight).action)


def _certain(action: str) -> Prediction:
    return Prediction(
        action=action, confidence=1.0, policy="RulePolicy", is_rule=True, source="rule"
    )


def _lines(rule: Story, domain: Domain) -> list[Line]:
    """Turn a rule into its lines."""
    now = Pattern(previous="")
    for step in rule.conditions:
        now = _after(step, now, domain)
    states: list[Pattern] = []
    lines: list[Line] = []
    for step in rule.steps:
        name = _action_of(step)
        if name is None:
            if isinstance(step, UserStep) and now.previous not in {"", LISTEN}:  # listen before it
                states.append(now)
                lines.append(_line(states, LISTEN, rule))
            now = _after(step, now, domain)
            continue
        if now.previous:  # what comes before the first step of a rule is open
            states.append(now)
            lines.append(_line(states, name, rule))
        now = replace(now, previous=name)
    if rule.waits and now.previous:
        lines.append(_line([*states, now], LISTEN, rule))
    return lines


def _line(states: Sequence[Pattern], action: str, rule: Story) -> Line:
    return Line(states=tuple(states), action=action, rule=rule.name, from_start=rule.from_start)


def _action_of(step: Step) -> str | None:
    if isinstance(step, ActionStep):
        return step.name
    return f"say:{step.text}" if isinstance(step, BotStep) else None


def _after(step: Step, now: Pattern, domain: Domain) -> Pattern:
    """What a rule asks for after a step that is no action."""
    if isinstance(step, UserStep):
        found = frozenset((entity, role, group) for entity, _, role, group in step.entities)
        intent = step.intent.split("/", 1)[0] if step.intent else None
        return replace(now, previous=LISTEN, intent=intent, entities=found)
    if isinstance(step, LoopStep):
        return replace(now, loop=step.name or UNSET)
    if isinstance(step, SlotStep):
        feature = feature_of(step, domain)
        if feature is not None:
            others = tuple(pair for pair in now.slots if pair[0] != step.name)
            return replace(now, slots=(*others, (step.name, feature)))
    return now


def feature_of(step: SlotStep, domain: Domain) -> str | None:
    """What the policies see of a slot step; ``None`` where they see nothing of the slot."""
    slot = domain.slots.get(step.name)
    if slot is None:
        return None
    if step.value is None:
        return UNSET if slot.influences and slot.type != "any" else None
    value: Any = step.value
    if value == ANY:
        value = [1] if slot.type == "list" else True
    return slot_feature(slot, value)
