"""Decide and act: one user message in, events and replies out."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.bot import Bot
from assistant.errors import ActionError, ActionTimeout, EventError
from assistant.messages import Reply
from assistant.parse_result import reply_json

from .action_runner import ActionRunner, Writer, done
from .default_actions.registry import RESTART, SESSION_START
from .ensemble import Ensemble
from .events import (
    ActionDone,
    ActionRejected,
    BotSaid,
    Event,
    FollowUp,
    LoopInterrupted,
    Rewound,
    SessionStarted,
    SlotSet,
    UserSaid,
    WordsCounted,
)
from .learned_policy.policy import LearnedPolicy
from .outcome import Outcome
from .prediction import Prediction
from .slot_filling import extract_slots
from .tracker import LISTEN, Tracker

SESSION_METADATA = "session_started_metadata"
MOST_ACTIONS = "MAX_NUMBER_OF_PREDICTIONS"
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
        learned: Its trained policy, where it has one.
    """

    def __init__(
        self, bot: Bot, runner: ActionRunner, learned: LearnedPolicy | None = None
    ) -> None:
        self.bot = bot
        self.runner = runner
        self.ensemble = Ensemble(bot, learned, own_actions=runner.book.actions)

    def predict(self, tracker: Tracker) -> Prediction:
        """Return the next action."""
        return self.ensemble.predict(tracker)

    async def begin_session(
        self, tracker: Tracker, metadata: Mapping[str, Any], *, only_first: bool = False
    ) -> Step:
        """Begin a conversation, or a new session after the user was silent for long.

        Args:
            tracker: The conversation.
            metadata: Of the message that begins it; the slot ``session_started_metadata``.
            only_first: Whether a long silence makes no difference.

        Returns:
            What happened; the step is empty where the session goes on.
        """
        prediction = Prediction(action=SESSION_START, confidence=1.0, policy="")
        goes_on = only_first or not self._has_expired(tracker)
        if tracker.last_action is not None and goes_on:
            return Step(prediction=prediction, events=(), replies=())
        began = len(tracker.events)
        if metadata:  # an action of the bot may read it; the domain may carry it over
            tracker.apply(SlotSet(name=SESSION_METADATA, value=dict(metadata)))
        try:
            outcome = await self.runner.run(SESSION_START, tracker)
        except (ActionError, EventError) as error:
            log.error("%s", error)
            outcome = Outcome(events=[SessionStarted()])
        events = [
            ActionDone(name=SESSION_START, confidence=1.0),
            *(said(reply) for reply in outcome.replies),
            *outcome.events,
        ]
        for event in events:
            tracker.apply(event)
        if not _listens(tracker):
            tracker.apply(ActionDone(name=LISTEN))
        return Step(
            prediction=prediction,
            events=tuple(tracker.events[began:]),
            replies=tuple(outcome.replies),
        )

    def _has_expired(self, tracker: Tracker) -> bool:
        minutes = self.bot.domain.session_minutes
        if minutes <= 0 or tracker.latest is None:
            return False
        return (time.time() - tracker.latest.timestamp) / 60 > minutes

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
        for _ in range(most_actions()):
            prediction = self._next(tracker)
            if prediction.action == LISTEN:
                listening = prediction
                break
            step = await self._run(prediction, tracker, write)
            yield _behind(filled, step)
            filled = Outcome()
            if _ends_turn(step, tracker):
                again = self._next(tracker)  # as it listened before the message
                listening = again if again.action == LISTEN else listening
                break
        else:
            log.warning(
                "conversation %r: stopped after %d actions in one turn, the last %r. Look for "
                "rules that follow each other without an end, or allow more: %s",
                tracker.conversation, most_actions(), tracker.last_action, MOST_ACTIONS,
            )  # fmt: skip
        events: tuple[Event, ...] = ()
        if not _listens(tracker):
            name, confidence = listening.policy, listening.confidence
            events = (done(LISTEN, name, confidence, hidden=listening.is_rule),)
            tracker.apply(events[0])
        yield _behind(filled, Step(prediction=listening, events=events, replies=()))

    def _next(self, tracker: Tracker) -> Prediction:
        """The next action; while a person speaks for the bot, only a restart is answered."""
        if not tracker.paused:
            return self.predict(tracker)
        restarts = tracker.intent == "restart" and tracker.last_action != RESTART
        action = RESTART if restarts else LISTEN
        return Prediction(action=action, confidence=1.0, policy="Paused")

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
        except (ActionError, EventError) as error:
            log.error("%s", error)
            outcome = self.runner.utter("utter_default", tracker, source="fallback")
            if isinstance(error, ActionTimeout):  # nobody waits for a second one
                outcome.events.append(FollowUp(name=LISTEN))
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


def most_actions() -> int:
    """How many actions may follow a message: ``MAX_NUMBER_OF_PREDICTIONS``, or 10."""
    number = os.environ.get(MOST_ACTIONS, "")
    return int(number) if number.isdecimal() and int(number) else 10


def _ends_turn(step: Step, tracker: Tracker) -> bool:
    """Whether an action began a session or took the message back, so that there is no more to do.

    A message that an action puts in its place, or an action that it chose, is still to come.
    """
    if step.prediction.action == SESSION_START:
        return True
    taken_back = bool(step.events) and isinstance(step.events[-1], Rewound)
    return taken_back and tracker.follow_up in (None, LISTEN)


def _listens(tracker: Tracker) -> bool:
    """Whether listening is on record already, or nothing was to be said."""
    last = tracker.events[-1] if tracker.events else None
    if isinstance(last, ActionDone) and last.name == LISTEN:
        return True
    return tracker.paused and tracker.last_action == LISTEN


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
    kept = ("elements", "quick_replies", "buttons", "attachment", "image", "custom")
    data: dict[str, Any] = {key: body.get(key) for key in kept}
    data["attachment"] = data["attachment"] or data["image"]  # as Rasa has it
    told: dict[str, Any] = {key: body[key] for key in ("button_type", "metadata") if key in body}
    return BotSaid(
        text=reply.text or None,
        data=data,
        metadata={
            "utter_action": reply.name,
            "source": reply.source,
            "language": reply.language,
            "pivot": reply.pivot or reply.text,
            **told,
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
