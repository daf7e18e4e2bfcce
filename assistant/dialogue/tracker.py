"""The state of a conversation: what you get by replaying its events."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from typing import Any

from assistant.domain import DEFAULT_SLOTS, Domain

from .applied_events import applied_events
from .events import (
    WORDS,
    ActionDone,
    ActionRejected,
    BotSaid,
    EntitiesAdded,
    Event,
    FollowUp,
    LoopActive,
    LoopInterrupted,
    Paused,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    Resumed,
    Rewound,
    SessionStarted,
    SlotSet,
    SlotsReset,
    Undone,
    UserSaid,
)

LISTEN = "action_listen"
log = logging.getLogger(__name__)


class Verbosity(Enum):
    """Which events of a conversation are told, under Rasa's names."""

    NONE = "NONE"
    APPLIED = "APPLIED"
    """Those that take effect: see `assistant.dialogue.applied_events`."""
    AFTER_RESTART = "AFTER_RESTART"
    ALL = "ALL"


class Tracker:
    """One conversation.

    Attributes:
        conversation: Its id.
        events: All events, oldest first, undone ones included.
        slots: Values by name.
        loop: The active form.
        rejected: Whether that form could not use the last message.
        interrupted: Whether that form comes back after an answer to something else.
        latest: The last user message.
        last_action: Name of the last action.
        follow_up: An action that is to come next whatever the policies say.
        paused: Whether a human took over.
        reminders: What is to be triggered later, by name.
        session_start: How many events the sessions before had.
    """

    def __init__(self, conversation: str, domain: Domain, events: Iterable[Event] = ()) -> None:
        self.conversation = conversation
        self.domain = domain
        self.events: list[Event] = []
        self._reset()
        for event in events:
            self.apply(event)

    def _reset(self) -> None:
        self._reset_slots()
        self.loop: str | None = None
        self.loop_message: dict[str, Any] = {}
        self.rejected = self.interrupted = False
        self.latest: UserSaid | None = None
        self.last_action: str | None = None
        self.follow_up: str | None = LISTEN
        self.paused = False
        self.reminders: dict[str, ReminderScheduled] = {}
        self.session_start = len(self.events)

    def _reset_slots(self) -> None:
        self.slots: dict[str, Any] = dict.fromkeys(DEFAULT_SLOTS)
        self.slots |= {slot.name: slot.initial for slot in self.domain.slots.values()}

    def apply(self, event: Event) -> None:
        """Append an event and let it take effect."""
        self.events.append(event)
        if isinstance(event, (Undone, Rewound)):
            self._forget()
        else:
            self._take_effect(event)

    def _take_effect(self, event: Event) -> None:
        match event:
            case UserSaid():
                self.latest, self.follow_up = event, None
                self._pass_reminders(event)
            case ActionDone(name=name):
                self.last_action, self.follow_up = name, None
                self.interrupted = False
                if name == self.loop:
                    self.rejected = False
            case SlotSet(name=name, value=value):
                self._set_slot(name, value)
            case FollowUp(name=name):
                self.follow_up = name
            case LoopActive() | LoopInterrupted() | ActionRejected():
                self._take_effect_on_loop(event)
            case _:
                self._take_wide_effect(event)

    def _set_slot(self, name: str, value: Any) -> None:  # noqa: ANN401
        if name in self.slots:
            self.slots[name] = value
        else:
            log.error("no slot is called %r; it is not set. Add it to the domain.", name)

    def _take_effect_on_loop(self, event: LoopActive | LoopInterrupted | ActionRejected) -> None:
        match event:
            case LoopActive(name=name):
                self.loop, self.rejected, self.interrupted = name, False, False
                self.loop_message = self._latest_message()
            case LoopInterrupted(is_interrupted=interrupted):
                self.interrupted = interrupted and self.loop is not None
            case ActionRejected(name=name):
                self.rejected = self.rejected or name == self.loop

    def _take_wide_effect(self, event: Event) -> None:
        """Events that concern the whole conversation, and rare ones."""
        match event:
            case Restarted() | SessionStarted():
                self._reset()
            case SlotsReset():
                self._reset_slots()
            case Paused() | Resumed():
                self.paused = isinstance(event, Paused)
            case ReminderScheduled(name=name):
                self.reminders = {**self.reminders, name: event}
            case ReminderCancelled():
                self.reminders = {
                    name: each for name, each in self.reminders.items() if not event.cancels(each)
                }
            case EntitiesAdded(entities=entities) if self.latest:
                added = [*self.entities, *(each for each in entities if each not in self.entities)]
                parse = {**self.latest.parse_data, "entities": added}
                self.latest = replace(self.latest, parse_data=parse)

    def _pass_reminders(self, said: UserSaid) -> None:
        """Drop the reminder that the message came from, and those that a message cancels."""
        if self.reminders and said.text:
            came = said.metadata.get("reminder")
            self.reminders = {
                name: each
                for name, each in self.reminders.items()
                if name != came and not each.kill_on_user_msg
            }

    def _forget(self) -> None:
        """Replay without what an undo or a rewind takes away."""
        every, begins = self.events, self.session_start
        kept = applied_events(every)
        self.events = []
        self._reset()
        for each in kept:
            self.events.append(each)
            self._take_effect(each)
        self.events, self.session_start = every, begins

    @property
    def intent(self) -> str | None:
        """Name of the last message's intent."""
        if self.latest is None:
            return None
        name = (self.latest.parse_data.get("intent") or {}).get("name")
        return None if name is None else str(name)

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The last message's entities, as JSON."""
        found: list[dict[str, Any]] = []
        if self.latest is not None:
            found = list(self.latest.parse_data.get("entities") or [])
        return found

    @property
    def language(self) -> str | None:
        """Language of the last message, as it was detected."""
        if self.latest is None:
            return None
        return self.latest.metadata.get("language")

    def bot_texts_since_user(self) -> list[str]:
        """What the bot said since the last user message."""
        texts: list[str] = []
        for event in reversed(self.events):
            if isinstance(event, UserSaid):
                break
            if isinstance(event, BotSaid) and event.text:
                texts.insert(0, event.text)
        return texts

    def _latest_message(self) -> dict[str, Any]:
        return (self.latest or UserSaid()).parse_data

    def as_json(self, verbosity: Verbosity = Verbosity.ALL) -> dict[str, Any]:
        """Return Rasa's tracker JSON, as its HTTP API gives it and action servers expect it."""
        loop = {
            "name": self.loop,
            "is_interrupted": self.interrupted,
            "rejected": self.rejected,
            "trigger_message": self.loop_message,
        }
        latest: dict[str, str] = {}
        if self.last_action:
            kind = "action_text" if self.last_action.startswith(WORDS) else "action_name"
            latest[kind] = self.last_action.removeprefix(WORDS)
        events = self._told(verbosity)
        return {
            "sender_id": self.conversation,
            "slots": self.slots,
            "latest_message": self._latest_message(),
            "latest_event_time": self.events[-1].timestamp if self.events else None,
            "followup_action": self.follow_up,
            "paused": self.paused,
            "events": None if events is None else [event.as_json() for event in events],
            "latest_input_channel": self.channel,
            "active_loop": loop if self.loop else {},
            "latest_action": latest,
            "latest_action_name": next(iter(latest.values()), None),
        }

    @property
    def channel(self) -> str | None:
        """Where the last message came in, even if it was taken back."""
        said = (event for event in reversed(self.events) if isinstance(event, UserSaid))
        return next((event.input_channel for event in said), None)

    def _told(self, verbosity: Verbosity) -> list[Event] | None:
        if verbosity is Verbosity.NONE:
            return None
        if verbosity is Verbosity.APPLIED:
            return applied_events(self.events)
        restarts = [i for i, event in enumerate(self.events) if isinstance(event, Restarted)]
        if verbosity is Verbosity.AFTER_RESTART and restarts:
            return self.events[restarts[-1] + 1 :]
        return self.events

    def at(self, moment: float) -> Tracker:
        """Return the conversation as it was at a time, in seconds since 1970."""
        events: list[Event] = []
        for event in self.events:
            if event.timestamp > moment:
                break
            events.append(event)
        return Tracker(self.conversation, self.domain, events)
