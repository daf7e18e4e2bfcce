"""What the policies see: one state for each moment in which an action was, or is, due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.domain import Domain, Slot

from .events import ActionDone, Event, LoopActive, Restarted, SessionStarted, SlotSet, UserSaid
from .tracker import LISTEN, applied_events


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A moment of a conversation.

    Attributes:
        intent: Of the last user message.
        entities: (type, role, group) of its entities, as the intent's rule lets them through.
        previous: The last action.
        slots: (name, feature) of the slots that influence the conversation and are set.
        loop: The active form.
    """

    intent: str | None
    entities: frozenset[tuple[str, str | None, str | None]]
    previous: str | None
    slots: frozenset[tuple[str, str]]
    loop: str | None


def slot_feature(slot: Slot, value: Any) -> str | None:  # noqa: ANN401
    """Say what of a slot's value the policies see; ``None`` when it counts as unset."""
    if value is None or not slot.influences or slot.type == "any":
        return None
    if slot.type == "bool":
        return str(bool(value)).lower()
    if slot.type == "categorical":
        text = str(value).lower()
        return text if text in slot.values else "__other__"
    if slot.type == "float":
        try:
            return f"{min(max((float(value) - slot.low) / (slot.high - slot.low), 0.0), 1.0):.4g}"
        except (TypeError, ValueError, ZeroDivisionError):
            return "0"
    if slot.type == "list":
        return "set" if value else None
    return "set"


class StateBuilder:
    """Follows a conversation's events and tells its state at any moment."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.intent: str | None = None
        self.entities: frozenset[tuple[str, str | None, str | None]] = frozenset()
        self.previous: str | None = None
        self.loop: str | None = None
        self.slots: dict[str, str] = {}
        for slot in domain.slots.values():
            self._set(slot.name, slot.initial)

    def _set(self, name: str, value: Any) -> None:  # noqa: ANN401
        slot = self.domain.slots.get(name)
        feature = slot_feature(slot, value) if slot else None
        if feature is None:
            self.slots.pop(name, None)
        else:
            self.slots[name] = feature

    def follow(self, event: Event) -> None:
        """Let an event change the state."""
        match event:
            case UserSaid(parse_data=parse):
                self.intent = (parse.get("intent") or {}).get("name")
                self.entities = visible_entities(
                    self.domain, self.intent, parse.get("entities") or []
                )
            case ActionDone(name=name):
                self.previous = name
            case SlotSet(name=name, value=value):
                self._set(name, value)
            case LoopActive(name=name):
                self.loop = name

    def state(self) -> State:
        """The state now."""
        return State(
            intent=self.intent,
            entities=self.entities,
            previous=self.previous,
            slots=frozenset(self.slots.items()),
            loop=self.loop,
        )


def visible_entities(
    domain: Domain, intent: str | None, entities: Iterable[dict[str, Any]]
) -> frozenset[tuple[str, str | None, str | None]]:
    """Return the entities that an intent lets the policies see."""
    rule = domain.intents.get(intent or "")
    return frozenset(
        (found["entity"], found.get("role"), found.get("group"))
        for found in entities
        if rule is None
        or ((rule.used is None or found["entity"] in rule.used)
            and found["entity"] not in rule.ignored)
    )  # fmt: skip


def states_of(
    domain: Domain, events: Iterable[Event], *, without_rule_turns: bool = False
) -> list[State]:
    """Return the states before each action of a conversation, the present one last."""
    builder = StateBuilder(domain)
    states: list[State] = []
    for event in applied_events(events):
        if isinstance(event, (Restarted, SessionStarted)):
            builder, states = StateBuilder(domain), []
            continue
        if isinstance(event, ActionDone):
            if event.name == "action_session_start":
                continue
            if not (without_rule_turns and event.hide_rule_turn):
                if not _is_opening(event, states):
                    states.append(builder.state())
            elif event.name == LISTEN:
                _leave_rule_turn(builder, states)
                continue
        builder.follow(event)
    states.append(builder.state())
    return states


def _is_opening(event: ActionDone, states: list[State]) -> bool:
    """Whether this is the listening at the very start, which no policy decides."""
    return event.name == LISTEN and not states


def _leave_rule_turn(builder: StateBuilder, states: list[State]) -> None:
    """Forget a turn that only rules handled: go back to listening as before it."""
    builder.previous = LISTEN
    if states:
        builder.intent, builder.entities = states[-1].intent, states[-1].entities
