"""What the policies see: one state for each moment in which an action was, or is, due.

Semantics follow Rasa's ``Domain.states_for_tracker_history``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain import Domain

from .applied_events import applied_events
from .events import (
    ActionDone,
    ActionRejected,
    Event,
    FollowUp,
    LoopActive,
    SlotSet,
    SlotsReset,
    UserSaid,
    WordsCounted,
)
from .slot_features import Feature, slot_feature
from .tracker import LISTEN

SeenEntity = tuple[str, str | None, str | None]
"""Type, role and group; values make no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A moment of a conversation.

    Attributes:
        intent: Of the last user message.
        text: Its words instead, where an end-to-end story counts (``intent`` is ``None`` then).
        entities: (type, role, group) of its entities, as the intent's rule lets them through.
        previous: The last action.
        slots: (name, feature) of the slots that influence the conversation and are set.
        loop: The active form.
    """

    intent: str | None
    text: str | None = None
    entities: frozenset[SeenEntity]
    previous: str | None
    slots: frozenset[tuple[str, Feature]]
    loop: str | None

    def without(self, unseen: Unseen) -> State:
        """Leave slots and loops out that a policy is not to see."""
        slots = frozenset(pair for pair in self.slots if pair[0] not in unseen.slots)
        loop = None if self.loop in unseen.loops else self.loop
        return replace(self, slots=slots, loop=loop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """What only rules speak of and stories do not: policies that learn from stories ignore it."""

    slots: frozenset[str] = frozenset()
    loops: frozenset[str] = frozenset()


class StateBuilder:
    """Follows a conversation's events and tells its state at any moment."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.said: UserSaid | None = None
        self.by_words = False
        self.previous: str | None = None
        self.loop: str | None = None
        self.follow_up: str | None = LISTEN
        self.slots: dict[str, Feature] = {}
        self._reset_slots()

    def _reset_slots(self) -> None:
        self.slots.clear()
        for slot in self.domain.slots.values():
            self._set(slot.name, slot.initial)

    def _set(self, name: str, value: Any) -> None:  # noqa: ANN401
        slot = self.domain.slots.get(name)
        feature = slot_feature(slot, value, self.domain.root) if slot else None
        if feature is None:
            self.slots.pop(name, None)
        else:
            self.slots[name] = feature

    def follow(self, event: Event) -> None:
        """Let an event change the state."""
        match event:
            case UserSaid():
                self.said, self.by_words, self.follow_up = event, False, None
            case ActionDone(name=name):
                self.previous, self.follow_up = name, None
            case SlotSet(name=name, value=value):
                self._set(name, value)
            case SlotsReset():
                self._reset_slots()
            case LoopActive(name=name):
                self.loop = name
            case FollowUp(name=name):
                self.follow_up = name
            case WordsCounted(use_text_for_featurization=counted):
                self.by_words = counted

    def state(self) -> State:
        """The state now."""
        intent, text, entities = None, None, frozenset[SeenEntity]()
        if self.said is not None:
            parse = self.said.parse_data
            intent = (parse.get("intent") or {}).get("name")
            if self.said.text and (self.by_words or intent is None):
                intent, text = None, self.said.text
            else:
                entities = visible_entities(self.domain, intent, parse.get("entities") or [])
        return State(
            intent=intent,
            text=text,
            entities=entities,
            previous=self.previous,
            slots=frozenset(self.slots.items()),
            loop=self.loop,
        )


def visible_entities(
    domain: Domain, intent: str | None, entities: Iterable[dict[str, Any]]
) -> frozenset[SeenEntity]:
    """Return the entities that an intent lets the policies see.

    An entity of a known intent must stand in the domain; a role or group counts where the domain
    names it for the entity.
    """
    rule = domain.intents.get(intent or "")
    found: set[SeenEntity] = set()
    for each in entities:
        name, role, group = each["entity"], each.get("role"), each.get("group")
        if rule is None:
            found.add((name, role, group))
        elif (
            name in domain.entities
            and (rule.used is None or name in rule.used)
            and name not in rule.ignored
        ):
            known = domain.entities[name]
            found.add((
                name,
                role if role in known.roles else None,
                group if group in known.groups else None,
            ))  # fmt: skip
    return frozenset(found)


def states_of(
    domain: Domain,
    events: Iterable[Event],
    *,
    without_rule_turns: bool = False,
    unseen: Unseen | None = None,
) -> list[State]:
    """Return the states before each action of a conversation, the present one last.

    Args:
        domain: The bot's domain.
        events: Of the conversation, oldest first.
        without_rule_turns: Whether turns that only rules handled are left out, as if they had
            not been.
        unseen: Slots and loops that are left out too.
    """
    states: list[State] = []
    last_seen: str | None = None
    hidden = False
    for builder, hides in _moments(domain, applied_events(events)):
        if without_rule_turns:
            if not hidden or _closed_a_form_of(states, builder):
                last_seen = builder.previous
            if not builder.follow_up and not _is_in_form(builder):
                hidden = hides
            if hidden:
                continue
        state = builder.state()
        if without_rule_turns:
            state = _as_if_unruled(state, states, last_seen)
        states.append(state.without(unseen) if unseen else state)
    return states


def _moments(domain: Domain, events: Iterable[Event]) -> Iterator[tuple[StateBuilder, bool]]:
    """Yield what there is before each action, with whether its turn is a rule's own, and now.

    The listening at the very start is left out: no policy decides about it.
    """
    builder = StateBuilder(domain)
    opened = False
    for event in events:
        if isinstance(event, ActionDone):
            if event.name == "action_session_start":
                continue
            if opened or event.name != LISTEN:
                yield builder, event.hide_rule_turn
            opened = True
        builder.follow(event)
    yield builder, False


def _is_in_form(builder: StateBuilder) -> bool:
    """Whether the form spoke last: the listening after it belongs to the turn."""
    return builder.loop is not None and builder.previous == builder.loop


def _closed_a_form_of(seen: Sequence[State], builder: StateBuilder) -> bool:
    """Whether a form that is seen has just closed, though a rule's answer called it back.

    Rasa takes the listening before that answer for the last action, and opens the form again.
    """
    return builder.loop is None and any(state.loop == builder.previous for state in seen)


def _as_if_unruled(state: State, before: list[State], last_seen: str | None) -> State:
    """Put the last action and message that are seen in the place of those of hidden turns."""
    if before and state.previous != LISTEN:
        past = before[-1]
        state = replace(state, intent=past.intent, text=past.text, entities=past.entities)
    return replace(state, previous=last_seen) if last_seen else state


def moments(events: Iterable[Event], domain: Domain) -> Iterator[tuple[tuple[State, ...], str]]:
    """Yield the states before each action of a story, and the action.

    Nobody decides on the first: it is the listening at the start, or a story goes on from it.
    """
    builder = StateBuilder(domain)
    states: list[State] = []
    opened = False
    for event in applied_events(events):
        if isinstance(event, ActionDone):
            if opened or event.name != LISTEN:
                states.append(builder.state())
            if opened:
                yield tuple(states), event.name
            opened = True
        builder.follow(event)


def by_words(history: Sequence[State], events: Sequence[Event]) -> list[State]:
    """Return a history with the words of the message that just came in the place of its intent.

    Empty when the bot did something since, or there are no words.
    """
    for event in reversed(events):
        if isinstance(event, UserSaid):
            if not event.text or not history:
                return []
            now = replace(history[-1], intent=None, entities=frozenset(), text=event.text)
            return [*history[:-1], now]
        if isinstance(event, (ActionDone, ActionRejected)):
            return []
    return []
