"""Rules that say one action where a story, or another rule, says another.

Each rule and story is played through the rule policy (Rasa's ``RulePolicy._analyze_rules``): where
it demands another action than the one that stands in the files, they contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.dialogue.events import ActionDone, ActionRejected
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.rule_policy import RulePolicy
from assistant.dialogue.states import State, StateBuilder
from assistant.dialogue.story_paths import unfold
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.stories import Story

from .finding import Findings
from .names import SNIPPET
from .playing import PlacedEvent, play_rule, play_story
from .rules import rule_options

if TYPE_CHECKING:
    from assistant.bot import Bot


class _Moment:
    """A moment at which an action is due, while a story or rule is played."""

    def __init__(self, tracker: Tracker, states: Sequence[State], action: str, where: str) -> None:
        self.tracker = tracker
        self.states = states
        self.action = action
        self.where = where

    def predicted(self, policy: RulePolicy) -> Prediction | None:
        """What the rules demand, which may be another action than the one that comes.

        A form that is left for another action counts as having rejected the message.
        """
        tracker = self.tracker
        found = policy.predict(tracker, self.states)
        leaves = tracker.loop is not None and self.action != tracker.loop
        if leaves and found is not None and found.action == tracker.loop and not tracker.rejected:
            tracker.apply(ActionRejected(name=str(tracker.loop)))
            found = policy.predict(tracker, self.states)
        return found

    def is_between_form_questions(self, found: Prediction) -> bool:
        """Whether the two actions are only two ways to come back to the form."""
        return {self.action, found.action} == {LISTEN, self.tracker.loop}


class ContradictionCheck:
    """Plays all rules and stories of a bot against its rules."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.policy = RulePolicy(bot.rules, bot.domain, stories=bot.stories)
        self._bare = RulePolicy((), bot.domain)
        self._in_rules: set[tuple[str, str]] = set()

    @cached_property
    def _single(self) -> list[tuple[Story, RulePolicy]]:
        """Each rule alone, to tell which ones demand an action."""
        return [(rule, RulePolicy([rule], self.bot.domain)) for rule in self.bot.rules]

    def check(self, found: Findings) -> None:
        """Note every contradiction, at the step that a rule contradicts."""
        for rule, steps in unfold(self.bot.rules):
            for moment in self._moments(play_rule(rule, steps)):
                self._judge(moment, f"rule {rule.name!r}", found, is_rule=True)
        for story, steps in unfold(self.bot.stories):
            for moment in self._moments(play_story(steps)):
                self._judge(moment, f"story {story.name!r}", found, is_rule=False)

    def _moments(self, events: Sequence[PlacedEvent]) -> Iterator[_Moment]:
        """Yield each moment whose action the rules could have foretold."""
        tracker = Tracker("check", self.bot.domain)
        builder = StateBuilder(self.bot.domain)
        states: list[State] = []
        foretold = False  # the first action is open, and so is the one after "..."
        for event, where in events:
            if isinstance(event, ActionDone):
                if states or event.name != LISTEN:
                    states.append(builder.state())
                if foretold and event.name != SNIPPET:
                    yield _Moment(tracker, states, event.name, where)
                foretold = event.name != SNIPPET
            tracker.apply(event)
            builder.follow(event)

    def _judge(self, moment: _Moment, name: str, found: Findings, *, is_rule: bool) -> None:
        demanded = moment.predicted(self.policy)
        if demanded is None:
            return
        default = self._bare.predict(moment.tracker, moment.states)
        by_default = default is not None and default.action == demanded.action
        if by_default and is_rule:
            self._in_rules.add((str(moment.tracker.loop), demanded.action))
        if demanded.action == moment.action or moment.is_between_form_questions(demanded):
            return
        if by_default:
            if (str(moment.tracker.loop), demanded.action) in self._in_rules:
                self._note(moment, name, demanded, "the built-in behaviour of forms", found)
            return
        rules = self._authors(moment, demanded)
        if rules and (is_rule or not self._is_open_end(moment, demanded)):
            names = " and ".join(f"the rule {r.name!r} ({r.where})" for r in rules[:3])
            self._note(moment, name, demanded, names, found)

    def _authors(self, moment: _Moment, demanded: Prediction) -> list[Story]:
        """The rules that alone demand the same action."""
        return [
            rule
            for rule, policy in self._single
            if (said := policy.predict(moment.tracker, moment.states)) is not None
            and said.action == demanded.action
        ]

    def _is_open_end(self, moment: _Moment, demanded: Prediction) -> bool:
        """Whether rules only end after an action with which other rules begin and go on.

        A story may go on too then (Rasa's ``RulePolicy._should_delete``).
        """
        if demanded.action != LISTEN:
            return False
        last = moment.states[-1].previous
        lines = [line for line in self.policy.lines if line.states[0].previous == last]
        ends = any(len(line.states) == 1 and line.action == LISTEN for line in lines)
        return ends and any(len(line.states) > 1 for line in lines)

    def _note(
        self, moment: _Moment, name: str, demanded: Prediction, by: str, found: Findings
    ) -> None:
        found.error(
            "contradiction", moment.where,
            f"{name} goes on with {moment.action!r} here, but {by} demands {demanded.action!r}. "
            "Make them agree.",
        )  # fmt: skip


def check_contradictions(bot: Bot, found: Findings) -> None:
    """Note where rules contradict stories or each other."""
    options = rule_options(bot)
    if bot.rules and options is not None and options.get("check_for_contradictions", True):
        ContradictionCheck(bot).check(found)
