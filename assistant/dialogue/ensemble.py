"""Choose the next action among what the policies predict.

The order is Rasa's (``DefaultPolicyPredictionEnsemble``): what holds whatever the user said goes
before all else, then what was read from the words themselves, then the higher confidence, then
the higher priority.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.bot import Bot

from .events import ActionDone, ActionRejected
from .memory_policy import MemoryPolicy
from .policy_settings import policy_settings
from .prediction import Prediction
from .rule_policy import RulePolicy
from .states import states_of
from .tracker import LISTEN, Tracker

PRIORITY = {"RulePolicy": 4, "MemoryPolicy": 3, "UnlikelyIntentPolicy": 2, "LearnedPolicy": 1}


class Ensemble:
    """The policies of one bot.

    Args:
        bot: The bot's files.
    """

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
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
            max_history=self.settings.history,
            unseen=self.rules.unseen,
        )

    def predict(self, tracker: Tracker) -> Prediction:
        """Return the next action: a fixed one, or the best of what the policies predict."""
        if tracker.follow_up:
            return Prediction(action=tracker.follow_up, confidence=1.0, policy="FollowUp")
        if tracker.paused:
            return Prediction(action=LISTEN, confidence=1.0, policy="Paused")
        return best(self._predictions(tracker))

    def _predictions(self, tracker: Tracker) -> list[Prediction]:
        """What each policy predicts that has an opinion, and the fallback."""
        domain = self.bot.domain
        events = tracker.events[tracker.session_start :]
        ruled = self.rules.predict(tracker, states_of(domain, events))
        told = self.memory.predict(events)
        if told is not None and told.action == _refused(tracker):
            told = None
        found = [each for each in (ruled, told) if each is not None]
        return found or [self._fallback(tracker)]

    def _fallback(self, tracker: Tracker) -> Prediction:
        """What comes where no policy has an opinion."""
        if _followed_up(tracker):
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


def _followed_up(tracker: Tracker) -> bool:
    """Whether the last action was one that another action chose; it may end the turn."""
    last = next((e for e in reversed(tracker.events) if isinstance(e, ActionDone)), None)
    return last is not None and last.policy == "FollowUp" and last.name != LISTEN
