"""Memoized stories: a conversation that stands in the stories goes on as they do.

Semantics follow Rasa's MemoizationPolicy, and with ``forgets`` AugmentedMemoizationPolicy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import merge

from assistant.domain import Domain
from assistant.stories import Story

from .applied_events import applied_events
from .events import ActionDone, Event
from .prediction import Prediction
from .states import State, Unseen, by_words, moments, states_of
from .story_events import events_of
from .story_paths import unfold
from .tracker import LISTEN

__all__ = ["MemoryPolicy", "events_of", "moments"]

Memory = tuple[list[State], Sequence[Event]]
"""States to look up, and the events that they were made from."""


class MemoryPolicy:
    """Predicts what the stories say.

    Args:
        stories: The bot's stories.
        domain: Its domain.
        max_history: How many states it looks back on; ``None`` for all.
        forgets: Whether older events, slots among them, are forgotten until the rest stands in a
            story.
        unseen: Slots and loops of which only rules speak.
    """

    def __init__(
        self,
        stories: Sequence[Story],
        domain: Domain,
        *,
        max_history: int | None = 5,
        forgets: bool = True,
        unseen: Unseen | None = None,
    ) -> None:
        self.domain = domain
        self.max_history = max_history
        self.forgets = forgets
        self.unseen = unseen
        self._next: dict[tuple[State, ...], str | None] = {}
        self._words: set[str] = set()
        for _, steps in unfold(stories):
            for states, action in moments(events_of(steps, domain), domain):
                key = self._recent(states)
                known = self._next.setdefault(key, action)
                if known != action:
                    self._next[key] = None  # the stories disagree: no memory of it
                self._words |= {state.text for state in key if state.text}

    def _recent(self, states: Sequence[State]) -> tuple[State, ...]:
        return tuple(states if self.max_history is None else states[-self.max_history :])

    def predict(self, events: Sequence[Event]) -> Prediction | None:
        """Return the action that a story has after these events, or ``None``."""
        if not self._next:
            return None
        for states, kept in self._memories(events):
            said = by_words(states, kept)
            if said and said[-1].text in self._words and (action := self._recall(said)):
                return replace(_certain(action), end_to_end=True)
            if action := self._recall(states):
                return _certain(action)
        return None

    def _recall(self, states: Sequence[State]) -> str | None:
        return self._next.get(self._recent(states))

    def _memories(self, events: Sequence[Event]) -> Iterator[Memory]:
        """Yield the states and their events, then what is left as older actions are forgotten.

        Turns that only rules handled are left out, as in Rasa; but a story may go on from one
        (``action: utter_help``, ``intent: affirm``), so the states with them are looked up too.
        The longer of two memories comes first.
        """
        hidden = any(isinstance(event, ActionDone) and event.hide_rule_turn for event in events)
        ways = (True, False) if hidden else (True,)
        return merge(
            *(self._shorter_and_shorter(events, without_rule_turns=way) for way in ways),
            key=lambda memory: -len(self._recent(memory[0])),
        )

    def _shorter_and_shorter(
        self, events: Sequence[Event], *, without_rule_turns: bool
    ) -> Iterator[Memory]:
        def states(kept: Sequence[Event]) -> list[State]:
            return states_of(
                self.domain, kept, without_rule_turns=without_rule_turns, unseen=self.unseen
            )

        yield states(events), events
        if not self.forgets:
            return
        applied = applied_events(events)
        actions = [i for i, event in enumerate(applied) if isinstance(event, ActionDone)]
        for start in actions[_first_remembered(applied, actions, self.max_history) :]:
            yield states(applied[start:]), applied[start:]


def _first_remembered(events: Sequence[Event], actions: Sequence[int], most: int | None) -> int:
    """Number of the listening that lies just behind the last ``most`` actions."""
    if not most:
        return 0
    for number in range(len(actions) - 1 - most, -1, -1):
        event = events[actions[number]]
        if isinstance(event, ActionDone) and event.name == LISTEN:
            return number
    return 0


def _certain(action: str) -> Prediction:
    return Prediction(action=action, confidence=1.0, policy="MemoryPolicy")
