"""Choose the next action among what the policies predict.

The order is Rasa's (``DefaultPolicyPredictionEnsemble``): what holds whatever the user said goes
before all else, then what was read from the words themselves, then the higher confidence, then
the higher priority.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from assistant.bot import Bot
from assistant.domain import DEFAULT_ACTIONS

from .events import WORDS, ActionDone, ActionRejected, Event
from .learned_policy.policy import LearnedPolicy
from .memory_policy import MemoryPolicy
from .policy_settings import policy_settings
from .prediction import Prediction
from .rule_policy import RulePolicy
from .states import by_words, states_of
from .tracker import LISTEN, Tracker

PRIORITY = {"RulePolicy": 4, "MemoryPolicy": 3, "UnlikelyIntentPolicy": 2, "LearnedPolicy": 1}
UNLIKELY = "action_unlikely_intent"
log = logging.getLogger(__name__)


class Ensemble:
    """The policies of one bot.

    Args:
        bot: The bot's files.
        learned: Its trained policy, where it has one.
        own_actions: Its actions in Python, which the domain need not name.
    """

    def __init__(
        self,
        bot: Bot,
        learned: LearnedPolicy | None = None,
        *,
        own_actions: Collection[str] = (),
    ) -> None:
        self.bot = bot
        self.learned = learned
        self.own_actions = own_actions
        self.settings = policy_settings(bot.config)
        self.rules = RulePolicy(
            bot.rules,
            bot.domain,
            stories=bot.stories,
            core_threshold=self.settings.core_threshold,
        )
        self.memory = MemoryPolicy(
            bot.stories if self.settings.remembers else (),
            bot.domain,
            histories=self.settings.histories,
            forgets=self.settings.forgets,
            unseen=self.rules.unseen,
        )

    def predict(self, tracker: Tracker) -> Prediction:
        """Return the next action: a fixed one, or the best of what the policies predict."""
        if tracker.follow_up and self._can_follow(tracker.follow_up):
            return Prediction(action=tracker.follow_up, confidence=1.0, policy="FollowUp")
        if tracker.paused:
            return Prediction(action=LISTEN, confidence=1.0, policy="Paused")
        return best(self._predictions(tracker))

    def _can_follow(self, action: str) -> bool:
        """Whether a follow-up is an action of this bot; as in Rasa, another is passed over."""
        domain = self.bot.domain
        responses = {name.partition("/")[0] for name in domain.responses} | set(domain.responses)
        known = (DEFAULT_ACTIONS, domain.actions, responses, domain.forms, self.own_actions)
        if action.startswith(WORDS) or any(action in names for names in known):
            return True
        log.error(
            "the follow-up action %r is unknown; the next action is predicted instead. "
            "Add it to the actions of the domain.",
            action,
        )
        return False

    def _predictions(self, tracker: Tracker) -> list[Prediction]:
        """What each policy predicts that has an opinion, and the fallback."""
        events = tracker.events[tracker.session_start :]
        known = [event for event in events if not _is_unlikely(event)]
        ruled, told = self._ruled(tracker, events), self.memory.predict(events)
        if len(known) < len(events):
            ruled = ruled or self._ruled(tracker, known)
            told = told or self.memory.predict(known)
        if told is not None and told.action == _refused(tracker):
            told = None
        found = [each for each in (ruled, told) if each is not None]
        learned = self._learned(known, tracker, sure=bool(found))
        return [*(found or [self._fallback(tracker)]), *learned]

    def _ruled(self, tracker: Tracker, events: Sequence[Event]) -> Prediction | None:
        return self.rules.predict(tracker, states_of(self.bot.domain, events))

    def _learned(
        self, events: Sequence[Event], tracker: Tracker, *, sure: bool
    ) -> list[Prediction]:
        """What the trained network says: of the next action, and of the message."""
        if self.learned is None or (sure and not self.learned.overrules):
            return []
        states = states_of(
            self.bot.domain, events, without_rule_turns=True, unseen=self.rules.unseen
        )
        found = self.learned.predict(
            states, refused=_refused(tracker), said=by_words(states, events)
        )
        if tracker.last_action == LISTEN and self.learned.finds_unlikely(states):
            found.append(Prediction(action=UNLIKELY, confidence=1.0, policy="UnlikelyIntentPolicy"))
        return found

    def _fallback(self, tracker: Tracker) -> Prediction:
        """What comes where no policy has an opinion."""
        fell_back = tracker.last_action == self.settings.core_action
        if fell_back or _followed_up(tracker):  # either may end a turn
            return Prediction(action=LISTEN, confidence=1.0, policy="FollowUp")
        return Prediction(
            action=self.settings.core_action,
            confidence=self.settings.core_threshold,
            policy="RulePolicy",
            source="fallback",
        )


def best(predictions: Sequence[Prediction]) -> Prediction:
    """Return the prediction that wins; of equals, the first.

    Raises:
        ValueError: There is none.
    """
    return max(
        predictions,
        key=lambda each: (
            each.no_user, each.end_to_end, each.confidence, PRIORITY.get(each.policy, 0)
        ),
    )  # fmt: skip


def _refused(tracker: Tracker) -> str | None:
    """The action that was just rejected: only a rule may ask for it again."""
    last = tracker.events[-1] if tracker.events else None
    return last.name if isinstance(last, ActionRejected) else None


def _is_unlikely(event: Event) -> bool:
    """Whether it only tells that a message was unlikely; only rules and memory look at it."""
    return isinstance(event, ActionDone) and event.name == UNLIKELY


def _followed_up(tracker: Tracker) -> bool:
    """Whether the last action was one that another action chose; it may end the turn."""
    last = next((e for e in reversed(tracker.events) if isinstance(e, ActionDone)), None)
    return last is not None and last.policy == "FollowUp" and last.name != LISTEN
