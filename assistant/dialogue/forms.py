"""Forms: ask for each required slot, check the answers, let side remarks through.

Semantics follow Rasa's ``FormAction`` and ``LoopAction``: one run opens the form or reads the
message, then asks for the next slot, and closes the form when nothing is missing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain import Form

from .events import ActionDone, ActionRejected, Event, LoopActive, SlotSet, UserSaid
from .outcome import Outcome
from .tracker import LISTEN, Tracker

REQUESTED = "requested_slot"
_UNSAID = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHelp:
    """What a form needs from outside; each is given the conversation as it would then be.

    Attributes:
        extract: Fills slots from the last message (``action_extract_slots``).
        check: Checks newly filled slots (``validate_FORM``); ``None`` where nothing checks this
            form. It answers with ``SlotSet`` events and replies.
        ask: Utters the question for a slot.
    """

    extract: Callable[[Tracker], Awaitable[Outcome]]
    check: Callable[[dict[str, Any], Tracker], Awaitable[Outcome]] | None
    ask: Callable[[str, Tracker], Awaitable[Outcome]]


async def run_form(form: Form, tracker: Tracker, *, helps: FormHelp) -> Outcome:
    """Run one step of a form; the tracker is not changed.

    Returns:
        The events and replies; rejected when the message filled nothing that was asked for.
    """
    run = _FormRun(form, tracker, helps)
    if tracker.loop != form.name:
        await run.open()
    if not run.is_done():
        nothing_yet = all(isinstance(event, LoopActive) for event in run.outcome.events)
        if nothing_yet and not await run.read():
            return Outcome(rejected=True)
        if not _rejects(run.outcome.events):
            await run.go_on()
    if run.is_done():
        run.happen([LoopActive(name=None)])
    return run.outcome


class _FormRun:
    """One run of a form: what has happened so far, and the conversation before it."""

    def __init__(self, form: Form, tracker: Tracker, helps: FormHelp) -> None:
        self.form = form
        self.before = tracker
        self.helps = helps
        self.outcome = Outcome()

    def happen(self, events: Sequence[Event]) -> None:
        self.outcome.events.extend(events)

    def _add(self, done: Outcome) -> None:
        self.happen(done.events)
        self.outcome.replies += done.replies

    async def open(self) -> None:
        """Open the form: what the message and earlier ones filled is checked at once."""
        self.happen([LoopActive(name=self.form.name)])
        opened = _after(self.before, self.outcome.events)
        extracted = await self.helps.extract(opened)
        for event in extracted.events:
            opened.apply(event)
        slots = [event for event in extracted.events if isinstance(event, SlotSet)]
        if self.helps.check is None:
            self.happen(slots)
            return
        known = {
            name: opened.slots[name]
            for name in self.form.required
            if opened.slots.get(name) is not None
        }
        checked = await self.helps.check(known, self._checked_tracker(opened, known, None))
        judged = {event.name for event in checked.events if isinstance(event, SlotSet)}
        self._add(checked)
        self.happen([event for event in slots if event.name not in judged])

    async def read(self) -> bool:
        """Check what the last message filled; false when it filled nothing that was asked for."""
        tracker = self.before
        requested = tracker.slots.get(REQUESTED) if tracker.loop == self.form.name else None
        called_back = tracker.interrupted or tracker.rejected
        reads = not tracker.loop or (tracker.last_action == LISTEN and not called_back)
        new = _filled_since_user(tracker, {*self.form.required, requested}) if reads else {}
        checked = Outcome()
        if self.helps.check is not None:
            checked = await self.helps.check(new, self._checked_tracker(tracker, new, requested))
        judged = any(
            isinstance(event, SlotSet) and event.name != REQUESTED for event in checked.events
        )
        if reads and requested and not new and not judged and not _rejects(checked.events):
            return False
        self._add(checked)
        return True

    def _checked_tracker(
        self, tracker: Tracker, new: dict[str, Any], requested: str | None
    ) -> Tracker:
        """The conversation as a check reads it: the new slots stand at its end."""
        marks: list[Event] = [
            SlotSet(name=REQUESTED, value=requested),
            ActionDone(name=self.form.name),
        ]
        return _after(tracker, [*marks, *(SlotSet(name=n, value=v) for n, v in new.items())])

    async def go_on(self) -> None:
        """Ask for the next slot; a check may have named it, or closed the form."""
        requested = _last_requested(self.outcome.events)
        if self.is_done():
            self.happen([SlotSet(name=REQUESTED)])
            return
        marks: list[Event] = [ActionDone(name=self.form.name)]
        now = _after(self.before, [*marks, *self.outcome.events])
        if requested is _UNSAID or requested is None:
            requested = next(
                (name for name in self.form.required if now.slots.get(name) is None), None
            )
            self.happen([SlotSet(name=REQUESTED, value=requested)])
            now.apply(SlotSet(name=REQUESTED, value=requested))
        if requested is not None:
            self._add(await self.helps.ask(str(requested), now))

    def is_done(self) -> bool:
        """Whether the form closes: nothing is asked for any more, or a check closed it."""
        events = self.outcome.events
        if _rejects(events):
            return False
        loop = next((e for e in reversed(events) if isinstance(e, LoopActive)), None)
        return _last_requested(events) is None or (loop is not None and loop.name is None)


def _after(tracker: Tracker, events: Iterable[Event]) -> Tracker:
    """The conversation as it would be after some events."""
    return Tracker(tracker.conversation, tracker.domain, [*tracker.events, *events])


def _rejects(events: Iterable[Event]) -> bool:
    return any(isinstance(event, ActionRejected) for event in events)


def _last_requested(events: Sequence[Event]) -> object:
    """The slot that is asked for at the end of some events; `_UNSAID` where none says so."""
    for event in reversed(events):
        if isinstance(event, SlotSet) and event.name == REQUESTED:
            return event.value
    return _UNSAID


def _filled_since_user(tracker: Tracker, names: set[str | None]) -> dict[str, Any]:
    """The named slots that were set since the last message."""
    filled: dict[str, Any] = {}
    for event in reversed(tracker.events):
        if isinstance(event, UserSaid):
            break
        if isinstance(event, SlotSet) and event.name in names:
            filled.setdefault(event.name, event.value)
    return dict(reversed(filled.items()))
