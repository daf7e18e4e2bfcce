"""Forms: ask for each required slot, check the answers, let side remarks through.

Semantics follow Rasa's FormAction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from assistant.domain import Form

from .events import ActionDone, Event, LoopActive, SlotSet, UserSaid
from .outcome import Outcome
from .tracker import Tracker

Check = Callable[[dict[str, Any], Tracker], Awaitable[Outcome]]
Ask = Callable[[str, Tracker], Awaitable[Outcome]]


async def run_form(form: Form, tracker: Tracker, *, check: Check, ask: Ask) -> Outcome:
    """Run one step of a form.

    Args:
        form: The form.
        tracker: The conversation; it is not changed.
        check: Checks newly filled slots; answers with ``SlotSet`` events and replies.
        ask: Utters the question for a slot.

    Returns:
        The events and replies; rejected when the message filled nothing that was asked for.
        A form that a rule calls back after it rejected the message asks again.
    """
    scratch = Tracker(tracker.conversation, tracker.domain, tracker.events)
    outcome = Outcome()

    def happen(events: list[Event]) -> None:
        for event in events:
            scratch.apply(event)
        outcome.events.extend(events)

    opens = tracker.loop != form.name
    if opens:
        happen([LoopActive(name=form.name)])
        if scratch.slots.get("requested_slot") is not None:  # of the form that was left for this
            happen([SlotSet(name="requested_slot")])
    new = _slots_to_check(form, tracker, opens=opens)
    if new:
        checked = await check(new, scratch)
        happen(checked.events)
        outcome.replies += checked.replies
    elif not opens and not tracker.rejected and _answers_a_question(tracker):
        return Outcome(rejected=True)
    pending = next((slot for slot in form.required if scratch.slots.get(slot) is None), None)
    if pending is None:
        happen([SlotSet(name="requested_slot"), LoopActive(name=None)])
        return outcome
    happen([SlotSet(name="requested_slot", value=pending)])
    asked = await ask(pending, scratch)
    happen(asked.events)
    outcome.replies += asked.replies
    return outcome


def _slots_to_check(form: Form, tracker: Tracker, *, opens: bool) -> dict[str, Any]:
    """The form's slots that the last message filled; when it opens, all that are filled."""
    if opens:
        return {
            name: tracker.slots[name]
            for name in form.required
            if tracker.slots.get(name) is not None
        }
    filled: dict[str, Any] = {}
    for event in reversed(tracker.events):
        if isinstance(event, UserSaid):
            break
        if isinstance(event, ActionDone) and event.name == form.name:
            return {}  # this message was used already
        if isinstance(event, SlotSet) and event.name in form.required and event.value is not None:
            filled.setdefault(event.name, event.value)
    return filled


def _answers_a_question(tracker: Tracker) -> bool:
    """Whether a new message came in answer to the form's question."""
    if tracker.slots.get("requested_slot") is None:
        return False
    for event in reversed(tracker.events):
        if isinstance(event, UserSaid):
            return True
        if isinstance(event, ActionDone) and event.name != "action_extract_slots":
            return False
    return False
