"""A new session, a restart, and the way back.

Semantics follow Rasa's ``ActionSessionStart``, ``ActionRestart`` and ``ActionBack``.
"""

from __future__ import annotations

from ..applied_events import applied_events
from ..events import ActionDone, Event, Restarted, Rewound, SessionStarted, SlotSet
from ..outcome import Outcome
from ..tracker import LISTEN
from .acting import Acting


async def start_session(acting: Acting) -> Outcome:
    """Begin a new session; slots keep their values where the domain says so."""
    events: list[Event] = [SessionStarted()]
    if acting.domain.carry_over:
        set_last = {
            event.name: event
            for event in applied_events(acting.tracker.events)
            if isinstance(event, SlotSet)
        }
        events += [
            SlotSet(name=name, value=event.value, metadata=event.metadata)
            for name, event in set_last.items()
        ]
    return Outcome(events=[*events, ActionDone(name=LISTEN)])


async def restart(acting: Acting) -> Outcome:
    """Say ``utter_restart`` and forget the conversation."""
    said = acting.say("utter_restart")
    return Outcome(events=[Restarted()], replies=said.replies)


async def back(acting: Acting) -> Outcome:
    """Say ``utter_back`` and take the wish to go back and the turn before it back."""
    said = acting.say("utter_back")
    return Outcome(events=[Rewound(), Rewound()], replies=said.replies)
