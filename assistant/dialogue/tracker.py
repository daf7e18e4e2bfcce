"""The state of a conversation: what you get by replaying its events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.domain import Domain

from .applied_events import applied_events
from .events import (
    ActionDone,
    ActionRejected,
    BotSaid,
    Event,
    FollowUp,
    LoopActive,
    LoopInterrupted,
    Paused,
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
    """

    def __init__(self, conversation: str, domain: Domain, events: Iterable[Event] = ()) -> None:
        self.conversation = conversation
        self.domain = domain
        self.events: list[Event] = []
        self._reset()
        for event in events:
            self.apply(event)

    def _reset(self) -> None:
        self.slots: dict[str, Any] = {s.name: s.initial for s in self.domain.slots.values()}
        self.slots["requested_slot"] = None
        self.loop: str | None = None
        self.rejected = self.interrupted = False
        self.latest: UserSaid | None = None
        self.last_action: str | None = None
        self.follow_up: str | None = LISTEN
        self.paused = False
        self.session_start = len(self.events)

    def apply(self, event: Event) -> None:
        """Append an event and let it take effect."""
        self.events.append(event)
        if isinstance(event, (Undone, Rewound)):
            self._forget(event)
        else:
            self._take_effect(event)

    def _take_effect(self, event: Event) -> None:
        match event:
            case UserSaid():
                self.latest, self.follow_up = event, None
            case ActionDone(name=name):
                self.last_action, self.follow_up = name, None
                self.interrupted = False
                if name == self.loop:
                    self.rejected = False
            case SlotSet(name=name, value=value):
                self.slots[name] = value
            case LoopActive(name=name):
                self.loop, self.rejected, self.interrupted = name, False, False
            case LoopInterrupted(is_interrupted=interrupted):
                self.interrupted = interrupted and self.loop is not None
            case ActionRejected(name=name):
                self.rejected = self.rejected or name == self.loop
            case FollowUp(name=name):
                self.follow_up = name
            case _:
                self._take_wide_effect(event)

    def _take_wide_effect(self, event: Event) -> None:
        """Events that concern the whole conversation."""
        match event:
            case Restarted() | SessionStarted():
                self._reset()
            case SlotsReset():
                self.slots = {s.name: s.initial for s in self.domain.slots.values()}
            case Paused():
                self.paused = True
            case Resumed():
                self.paused = False

    def _forget(self, event: Event) -> None:
        """Replay without what an undo or a rewind takes away."""
        kept = applied_events(self.events)
        every, begins = self.events, self.session_start
        self.events = []
        self._reset()
        for each in kept:
            self.events.append(each)
            self._take_effect(each)
        self.events, self.session_start = every, begins
        if isinstance(event, Rewound):
            self.follow_up = None

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

    def as_json(self) -> dict[str, Any]:
        """Return Rasa's tracker JSON, as action servers expect it."""
        loop = {"name": self.loop, "rejected": self.rejected} if self.loop else {}
        return {
            "sender_id": self.conversation,
            "slots": self.slots,
            "latest_message": self.latest.parse_data if self.latest else {},
            "latest_event_time": self.events[-1].timestamp if self.events else None,
            "followup_action": self.follow_up,
            "paused": self.paused,
            "events": [event.as_json() for event in self.events],
            "latest_input_channel": self.latest.input_channel if self.latest else None,
            "active_loop": loop,
            "latest_action": {"action_name": self.last_action} if self.last_action else {},
            "latest_action_name": self.last_action,
        }
