"""Rules: pieces of conversation that always go the same way, and forms that go on asking.

Semantics follow Rasa's RulePolicy: built-in intents first, then an active form until it rejects
a message, then rules; of several rules that fit, the one that says most wins; without
``conversation_start`` a rule fits anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from assistant.domain import Domain
from assistant.stories import Story

from .prediction import Prediction
from .rule_lines import NO_LOOP, Line, Pattern, rule_lines
from .states import State, Unseen, by_words, moments
from .story_events import events_of
from .story_paths import unfold
from .tracker import LISTEN, Tracker

_BUILT_IN = {
    "restart": "action_restart",
    "back": "action_back",
    "session_start": "action_session_start",
}
Moment = tuple[tuple[State, ...], str]


class InForm(Enum):
    """What rules and stories that lead away from a form's questions say about it."""

    INTERRUPTED = 1
    """The form comes back after an answer to something else: it is not to read that answer."""
    STAYS_AWAY = 2
    """The form does not come back by itself here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChoice:
    """What the rules say; ``line`` is the rule that fits best, if any does."""

    action: str | None
    line: Line | None
    interrupted: bool = False


class RulePolicy:
    """Predicts by rules, by the active form, and by the built-in intents.

    Args:
        rules: The bot's rules.
        domain: Its domain.
        stories: Its stories: a rule whose turns they show too leaves its turns in the history.
        core_threshold: Confidence of the fallback.

    Attributes:
        unseen: Slots and loops of which only rules speak.
    """

    def __init__(
        self,
        rules: Sequence[Story],
        domain: Domain,
        *,
        stories: Sequence[Story] = (),
        core_threshold: float = 0.3,
    ) -> None:
        self.core_threshold = core_threshold
        self.lines = list(rule_lines(rules, domain))
        self._by_previous: dict[str | None, list[Line]] = {}
        for line in self.lines:
            self._by_previous.setdefault(line.states[-1].previous, []).append(line)
        told = [
            moment
            for _, steps in unfold(stories)
            for moment in moments(events_of(steps, domain), domain)
        ]
        self.unseen = _only_in_rules(self.lines, told)
        self._in_forms = [*_from_rules(self.lines), *_from_stories(told)]
        self._shown = {
            id(best) for states, action in told
            if (best := self._best(states)) is not None and best.action == action
        }  # fmt: skip

    def predict(self, tracker: Tracker, history: Sequence[State]) -> Prediction | None:
        """Return the action that rules demand now, or ``None``.

        Args:
            tracker: The conversation.
            history: Its states, those of rules' own turns included.
        """
        said = self._choose(tracker, by_words(history, tracker.events))
        if tracker.last_action == LISTEN and tracker.intent in _BUILT_IN and not said.action:
            return _certain(_BUILT_IN[tracker.intent])
        if tracker.loop and not tracker.rejected:
            action = LISTEN if tracker.last_action == tracker.loop else tracker.loop
            return replace(_certain(action), source="form")
        if said.action:
            return replace(self._prediction(said), end_to_end=True)
        choice = self._choose(tracker, history)
        return self._prediction(choice) if choice.action else None

    def _prediction(self, choice: RuleChoice) -> Prediction:
        hides = choice.line is not None and id(choice.line) not in self._shown
        return replace(_certain(str(choice.action)), is_rule=hides, interrupts=choice.interrupted)

    def _best(self, history: Sequence[State]) -> Line | None:
        """The rule that fits and says most."""
        if not history:
            return None
        fitting = [
            line for line in self._by_previous.get(history[-1].previous, ()) if line.fits(history)
        ]
        return max(fitting, key=lambda line: line.weight, default=None)

    def _choose(self, tracker: Tracker, history: Sequence[State]) -> RuleChoice:
        line = self._best(history)
        action = line.action if line else None
        if not tracker.loop or not history:
            return RuleChoice(action=action, line=line)
        told = {says for pattern, says in self._in_forms if _ends_with(pattern, history)}
        general = line is not None and line.states[-1].loop in (None, NO_LOOP)
        if action == LISTEN and general:  # a rule that knows nothing of forms ends inside one
            if InForm.STAYS_AWAY not in told:
                return RuleChoice(action=tracker.loop, line=line)
            action = None
        return RuleChoice(action=action, line=line, interrupted=InForm.INTERRUPTED in told)


def _certain(action: str) -> Prediction:
    return Prediction(
        action=action, confidence=1.0, policy="RulePolicy", is_rule=True, source="rule"
    )


def _only_in_rules(lines: Iterable[Line], told: Iterable[Moment]) -> Unseen:
    patterns = [pattern for line in lines for pattern in line.states]
    states = [state for history, _ in told for state in history]
    seen = {name for state in states for name, _ in state.slots}
    loops = {state.loop for state in states if state.loop}
    asked = {pattern.loop for pattern in patterns if pattern.loop not in (None, NO_LOOP)}
    return Unseen(
        slots=frozenset(name for pattern in patterns for name, _ in pattern.slots) - seen,
        loops=frozenset(str(loop) for loop in asked - loops),
    )


Ending = tuple[str | None, Pattern]
"""The action before the last state, where it is known, and the last state."""


def _from_rules(lines: Iterable[Line]) -> Iterable[tuple[Ending, InForm]]:
    for line in lines:
        *before, last = line.states
        if last.loop not in (None, NO_LOOP) and (says := _says(last, line.action)):
            yield (before[-1].previous if before else None, last), says


def _from_stories(told: Iterable[Moment]) -> Iterable[tuple[Ending, InForm]]:
    found: dict[tuple[Ending, InForm], None] = {}
    for states, action in told:
        last = states[-1]
        pattern = Pattern(
            previous=last.previous, intent=last.intent, text=last.text, entities=last.entities,
            slots=tuple(sorted(last.slots)), loop=last.loop,
        )  # fmt: skip
        if last.loop and (says := _says(pattern, action)):
            found[(states[-2].previous if len(states) > 1 else None, pattern), says] = None
    return found


def _says(last: Pattern, action: str) -> InForm | None:
    if last.previous == LISTEN:
        return InForm.INTERRUPTED if action == last.loop else None
    return InForm.STAYS_AWAY if action != last.loop else None


def _ends_with(ending: Ending, history: Sequence[State]) -> bool:
    before, last = ending
    if before is not None and (len(history) < 2 or history[-2].previous != before):
        return False
    return last.fits(history[-1])
