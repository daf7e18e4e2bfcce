"""Decide and act: one user message in, events and replies out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from assistant.bot import Bot
from assistant.errors import ActionError
from assistant.messages import Reply
from assistant.parse_result import reply_json

from .action_runner import ActionRunner, Writer, done
from .ensemble import Ensemble
from .events import (
    ActionDone,
    ActionRejected,
    BotSaid,
    Event,
    LoopInterrupted,
    Rewound,
    SlotSet,
    UserSaid,
    WordsCounted,
)
from .outcome import Outcome
from .prediction import Prediction
from .slot_filling import extract_slots
from .tracker import LISTEN, Tracker

MOST_ACTIONS = 10
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action that was run: its prediction, and what it gave."""

    prediction: Prediction
    events: tuple[Event, ...]
    replies: tuple[Reply, ...]


class Engine:
    """Runs the dialogue of one bot; it keeps no conversation.

    Args:
        bot: The bot's files.
        runner: Runs its actions.
    """

    def __init__(self, bot: Bot, runner: ActionRunner) -> None:
        self.bot = bot
        self.runner = runner
        self.ensemble = Ensemble(bot)

    def predict(self, tracker: Tracker) -> Prediction:
        """Return the next action."""
        return self.ensemble.predict(tracker)

    def hear(self, tracker: Tracker, said: UserSaid, extra: list[Event]) -> list[Event]:
        """Apply a user message, ``extra`` events about it, and the slots that it fills."""
        events: list[Event] = [said, *extra]
        for event in events:
            tracker.apply(event)
        filled = extract_slots(tracker)
        for event in filled:
            tracker.apply(event)
        return [*events, *filled]

    async def act(self, tracker: Tracker, write: Writer | None = None) -> AsyncIterator[Step]:
        """Run actions until the bot listens; each is applied to the tracker and yielded."""
        filled = await self._slots_by_actions(tracker)
        listening = _LISTENING
        for _ in range(MOST_ACTIONS):
            prediction = self.predict(tracker)
            if prediction.action == LISTEN:
                listening = prediction
                break
            step = await self._run(prediction, tracker, write)
            yield _behind(filled, step)
            filled = Outcome()
            if any(isinstance(event, Rewound) for event in step.events):
                again = self.predict(tracker)  # as it listened before the message
                listening = again if again.action == LISTEN else listening
                break
        else:
            log.warning("stopped after %d actions in one turn", MOST_ACTIONS)
        event = done(LISTEN, listening.policy, listening.confidence, hidden=listening.is_rule)
        tracker.apply(event)
        yield _behind(filled, Step(prediction=listening, events=(event,), replies=()))

    async def _slots_by_actions(self, tracker: Tracker) -> Outcome:
        """Let actions fill and check slots, right after a message."""
        last = next(
            (e for e in reversed(tracker.events) if isinstance(e, (UserSaid, ActionDone))), None
        )
        if not isinstance(last, UserSaid):
            return Outcome()
        outcome = await self.runner.slots_by_actions(tracker)
        outcome.events = [*(said(reply) for reply in outcome.replies), *outcome.events]
        for event in outcome.events:
            tracker.apply(event)
        return outcome

    async def _run(self, prediction: Prediction, tracker: Tracker, write: Writer | None) -> Step:
        told = _told_before(prediction)
        for event in told:
            tracker.apply(event)
        try:
            outcome = await self.runner.run(
                prediction.action, tracker, source=prediction.source, write=write
            )
        except ActionError as error:
            log.error("%s", error)
            outcome = self.runner.utter("utter_default", tracker, source="fallback")
        if outcome.rejected:
            rejected = ActionRejected(name=prediction.action, policy=prediction.policy)
            tracker.apply(rejected)
            return Step(prediction=prediction, events=(*told, rejected), replies=())
        events: list[Event] = [
            done(
                prediction.action, prediction.policy, prediction.confidence,
                hidden=prediction.is_rule,
            ),
            *(said(reply) for reply in outcome.replies),
            *outcome.events,
        ]  # fmt: skip
        for event in events:
            tracker.apply(event)
        return Step(prediction=prediction, events=(*told, *events), replies=tuple(outcome.replies))


_LISTENING = Prediction(action=LISTEN, confidence=1.0, policy="RulePolicy", is_rule=True)


def _told_before(prediction: Prediction) -> list[Event]:
    """What an action is to know of the prediction that chose it."""
    told: list[Event] = []
    if prediction.end_to_end:
        told.append(WordsCounted(use_text_for_featurization=True))
    if prediction.interrupts:
        told.append(LoopInterrupted())
    return told


def _behind(before: Outcome, step: Step) -> Step:
    """Put what happened before the first action in front of it."""
    return Step(
        prediction=step.prediction,
        events=(*before.events, *step.events),
        replies=(*before.replies, *step.replies),
    )


def said(reply: Reply) -> BotSaid:
    """The event that the bot said something."""
    body: dict[str, Any] = reply_json(reply)
    kept = ("buttons", "image", "attachment", "custom")
    data: dict[str, Any] = {key: body[key] for key in kept if key in body}
    return BotSaid(
        text=reply.text or None,
        data=data,
        metadata={
            "utter_action": reply.name,
            "source": reply.source,
            "language": reply.language,
            "pivot": reply.pivot or reply.text,
        },
    )


def mood_events(bot: Bot, tracker: Tracker, strength: float | None) -> list[Event]:
    """Set the sentiment slot: calm, upset, or upset_again when it is not the first time."""
    slot = bot.config.sentiment.slot
    if slot is None or strength is None:
        return []
    if strength >= bot.config.sentiment.upset_below:
        return [SlotSet(name=slot, value="calm")]
    before = any(
        isinstance(event, SlotSet) and event.name == slot and event.value != "calm"
        for event in tracker.events[tracker.session_start :]
    )
    return [SlotSet(name=slot, value="upset_again" if before else "upset")]
