"""Memoized stories: a conversation that stands in the stories goes on as they do.

Semantics follow Rasa's MemoizationPolicy, and with ``forgets`` AugmentedMemoizationPolicy. As
there, the whole conversation counts unless ``max_history`` is named; where no story has all of it,
the last `policy_settings.SHORT_HISTORY` states are looked up, which Rasa does not do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import merge

from assistant.domain import Domain
from assistant.stories import Story

from .applied_events import applied_events
from .events import ActionDone, Event
from .lookup import Lookup
from .policy_settings import HISTORIES
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
        histories: How many states it looks back on, ``None`` for all; the next where one is silent.
        forgets: Whether older events, slots among them, are forgotten until the rest stands in a
            story.
        unseen: Slots and loops of which only rules speak.
    """

    def __init__(
        self,
        stories: Sequence[Story],
        domain: Domain,
        *,
        histories: Sequence[int | None] = HISTORIES,
        forgets: bool = True,
        unseen: Unseen | None = None,
    ) -> None:
        self.domain = domain
        self.forgets = forgets
        self.unseen = unseen
        self._lookups = [Lookup(history) for history in histories]
        self._words: set[str] = set()
        for _, steps in unfold(stories):
            for states, action in moments(events_of(steps, domain), domain):
                for lookup in self._lookups:
                    lookup.learn(states, action)
                    self._words |= {each.text for each in lookup.recent(states) if each.text}

    def predict(self, events: Sequence[Event]) -> Prediction | None:
        """Return the action that a story has after these events, or ``None``."""
        for number, lookup in enumerate(self._lookups):
            following = self._lookups[number + 1 :]
            least = (following[0].history or 0) if following else 0
            if lookup.longest and (found := self._found(lookup, events, least)):
                return found
        return None

    def _found(self, lookup: Lookup, events: Sequence[Event], least: int) -> Prediction | None:
        for states, kept in self._memories(lookup, events, least):
            said = by_words(states, kept)
            if said and said[-1].text in self._words and (action := lookup.recall(said)):
                return replace(_certain(action), end_to_end=True)
            if action := lookup.recall(states):
                return _certain(action)
        return None

    def _memories(self, lookup: Lookup, events: Sequence[Event], least: int) -> Iterator[Memory]:
        """Yield the states and their events, then what is left as older actions are forgotten.

        Turns that only rules handled are left out, as in Rasa; but a story may go on from one
        (``action: utter_help``, ``intent: affirm``), so the states with them are looked up too.
        The longer of two memories comes first.
        """
        hidden = any(isinstance(event, ActionDone) and event.hide_rule_turn for event in events)
        ways = (True, False) if hidden else (True,)
        return merge(
            *(self._shorter_and_shorter(lookup, events, least, hides=way) for way in ways),
            key=lambda memory: -len(lookup.recent(memory[0])),
        )

    def _shorter_and_shorter(
        self, lookup: Lookup, events: Sequence[Event], least: int, *, hides: bool
    ) -> Iterator[Memory]:
        """Yield all, then what is left; ``least`` states or fewer are for the next lookup."""

        def states(kept: Sequence[Event]) -> list[State]:
            return states_of(self.domain, kept, without_rule_turns=hides, unseen=self.unseen)

        yield states(events), events
        if not self.forgets:
            return
        applied = applied_events(events)
        actions = [i for i, event in enumerate(applied) if isinstance(event, ActionDone)]
        if lookup.history:
            first = _first_remembered(applied, actions, lookup.history)
        else:  # no story is longer than the longest: spare long conversations the work
            first = bisect_left(actions, -lookup.longest, key=lambda i: -len(states(applied[i:])))
        for start in actions[first:]:
            left = states(applied[start:])
            if len(left) <= least:
                return
            yield left, applied[start:]


def _first_remembered(events: Sequence[Event], actions: Sequence[int], most: int) -> int:
    """Number of the listening that lies just behind the last ``most`` actions."""
    for number in range(len(actions) - 1 - most, -1, -1):
        event = events[actions[number]]
        if isinstance(event, ActionDone) and event.name == LISTEN:
            return number
    return 0


def _certain(action: str) -> Prediction:
    return Prediction(action=action, confidence=1.0, policy="MemoryPolicy")
