"""The events that count: what an undo takes back and a form's repeated turns leave out.

Semantics follow Rasa's ``DialogueStateTracker.applied_events``.
"""

from __future__ import annotations

from collections.abc import Iterable

from .events import (
    ActionDone,
    ActionRejected,
    Event,
    LoopActive,
    Restarted,
    Rewound,
    SessionStarted,
    Undone,
    UserSaid,
)


def applied_events(events: Iterable[Event]) -> list[Event]:
    """Return the events since the last restart or session start that take effect.

    - ``undo`` takes the last action away, ``rewind`` the last user message and the listening
      before it, each with what followed.
    - A form that runs again after the user answered it leaves no turn of its own: policies see a
      form as one step, however many questions it asks. Slots and loops of those turns stay.
    """
    events = list(events)
    loops = {event.name for event in events if isinstance(event, LoopActive) and event.name}
    kept: list[Event] = []
    for event in events:
        if isinstance(event, (Restarted, SessionStarted)):
            kept.clear()
        elif isinstance(event, Undone):
            _drop_back_to(kept, ActionDone)
        elif isinstance(event, Rewound):
            _drop_back_to(kept, UserSaid)
            _drop_back_to(kept, ActionDone)
        elif isinstance(event, ActionDone) and event.name in loops and _repeats(event.name, kept):
            _drop_turns_since(event.name, kept)
        else:
            kept.append(event)
    return kept


def _drop_back_to(events: list[Event], kind: type[Event]) -> None:
    while events:
        last = events.pop()
        if isinstance(last, kind):
            return


def _repeats(loop: str, before: list[Event]) -> bool:
    """Whether this run of a form only goes on with one that ran before without an interruption."""
    following: str | None = None
    for event in reversed(before):
        if isinstance(event, LoopActive) and event.name is None:
            return False
        if isinstance(event, ActionRejected) and event.name == loop:
            return False
        if isinstance(event, UserSaid) and following not in (None, loop):
            return False  # another action answered the user: an interruption
        if isinstance(event, ActionDone):
            if event.name == loop:
                return True
            following = event.name
    return False


def _drop_turns_since(loop: str, events: list[Event]) -> None:
    """Drop messages and actions back to the last run of a form; what they changed stays."""
    kept: list[Event] = []
    while events:
        last = events[-1]
        if isinstance(last, ActionDone) and last.name == loop:
            break
        events.pop()
        if not isinstance(last, (ActionDone, UserSaid)):
            kept.append(last)
    events.extend(reversed(kept))
