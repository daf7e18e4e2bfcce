"""Slots that actions fill or check after a message.

A slot with a ``custom`` mapping names an action that sets it; ``action_validate_slot_mappings``,
where the bot has it, checks all that was filled. Semantics follow Rasa's ``action_extract_slots``.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from assistant.errors import ActionError

from .events import Event, SlotSet
from .outcome import Outcome
from .slot_filling import actions_that_fill
from .tracker import Tracker

CHECK_ALL = "action_validate_slot_mappings"
Run = Callable[[str, Tracker], Awaitable[Outcome]]
log = logging.getLogger(__name__)


async def slots_by_actions(
    tracker: Tracker, filled: Sequence[Event], *, run: Run, checks_all: bool
) -> Outcome:
    """Return what actions make of the last message's slots.

    Args:
        tracker: The conversation; ``filled`` are not in it yet.
        filled: What mappings filled without an action.
        run: Runs an action.
        checks_all: Whether the bot has ``action_validate_slot_mappings``.

    Returns:
        The slots that are set beside ``filled`` or in their place, and what was said.
    """
    outcome = Outcome()
    for name in actions_that_fill(tracker):
        _join(outcome, await _slots_of(name, tracker, run))
    slots = [each for each in [*filled, *outcome.events] if isinstance(each, SlotSet)]
    if checks_all:
        now = Tracker(tracker.conversation, tracker.domain, [*tracker.events, *slots])
        _join(outcome, await _slots_of(CHECK_ALL, now, run))
    return outcome


def _join(outcome: Outcome, more: Outcome) -> None:
    outcome.events += more.events
    outcome.replies += more.replies


async def _slots_of(name: str, tracker: Tracker, run: Run) -> Outcome:
    """Run an action that may only set slots and speak; a failure is told and goes no further."""
    try:
        found = await run(name, tracker)
    except ActionError as error:
        log.warning("slots that %s fills stay as they are: %s", name, error)
        return Outcome()
    others = {event.kind for event in found.events if not isinstance(event, SlotSet)}
    for kind in sorted(others):
        log.info("%s may set slots; its event %r is left out", name, kind)
    slots = [event for event in found.events if isinstance(event, SlotSet)]
    return Outcome(events=list[Event](slots), replies=found.replies)
