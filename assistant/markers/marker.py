"""Markers: moments of conversations that are worth counting, as Rasa 3 defines them.

A condition looks at one event; an operator joins what its parts said about the same event. All
of them are asked about every event of a session, in order.

Source: Rasa 3.6, "Markers"; the semantics of ``seq`` and ``at_least_once`` are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from assistant.dialogue.events import ActionDone, Event, SlotSet, UserSaid


@dataclass(kw_only=True)
class Marker:
    """Something that applies at some events of a session.

    Attributes:
        negated: Whether it applies where its word does not.
        history: Whether it applied, for each event so far.
    """

    negated: bool = False
    history: list[bool] = field(default_factory=list)
    only_first: ClassVar[bool] = False

    def reset(self) -> None:
        """Begin a new session."""
        self.history = []

    def track(self, event: Event) -> None:
        """Look at the next event."""
        self.history.append(self.applies(event) != self.negated)

    def applies(self, event: Event) -> bool:
        """Whether the word itself applies at an event."""
        raise NotImplementedError

    @property
    def applied_before(self) -> bool:
        """Whether the word itself applied at the last event."""
        return bool(self.history) and self.history[-1] != self.negated

    def places(self) -> list[int]:
        """The events that count, by their place in the session."""
        found = [i for i, applied in enumerate(self.history) if applied]
        return found[:1] if self.only_first else found


@dataclass(kw_only=True)
class ActionMarker(Marker):
    """``action``: an action is executed."""

    name: str

    def applies(self, event: Event) -> bool:
        """Whether the event is that action."""
        return isinstance(event, ActionDone) and event.name == self.name


@dataclass(kw_only=True)
class IntentMarker(Marker):
    """``intent``: a message was understood so; a retrieval intent with or without its key."""

    name: str

    def applies(self, event: Event) -> bool:
        """Whether the event is such a message."""
        if not isinstance(event, UserSaid):
            return False
        intent = event.parse_data.get("intent") or {}
        return self.name in (intent.get("name"), intent.get("full"))


@dataclass(kw_only=True)
class SlotMarker(Marker):
    """``slot_was_set``: a slot has a value since this event or an earlier one of the session."""

    name: str

    def applies(self, event: Event) -> bool:
        """Whether the slot is set at the event."""
        if isinstance(event, SlotSet) and event.name == self.name:
            return event.value is not None
        return self.applied_before


@dataclass(kw_only=True)
class Operator(Marker):
    """A marker with parts."""

    parts: Sequence[Marker]

    def reset(self) -> None:
        """Begin a new session, in all parts too."""
        super().reset()
        for part in self.parts:
            part.reset()

    def track(self, event: Event) -> None:
        """Let the parts look first."""
        for part in self.parts:
            part.track(event)
        super().track(event)


class AndMarker(Operator):
    """``and``: every part applies."""

    def applies(self, event: Event) -> bool:  # noqa: ARG002 - the parts have looked at it
        """Whether all parts apply at the event."""
        return all(part.history[-1] for part in self.parts)


class OrMarker(Operator):
    """``or``: at least one part applies."""

    def applies(self, event: Event) -> bool:  # noqa: ARG002 - the parts have looked at it
        """Whether any part applies at the event."""
        return any(part.history[-1] for part in self.parts)


class NotMarker(Operator):
    """``not``: its one part does not apply."""

    def applies(self, event: Event) -> bool:  # noqa: ARG002 - the part has looked at it
        """Whether the part does not apply at the event."""
        return not self.parts[0].history[-1]


@dataclass(kw_only=True)
class SequenceMarker(Operator):
    """``seq``: the parts applied one after the other, with anything in between."""

    reached: int = 0

    def reset(self) -> None:
        """Begin a new session with the first part."""
        super().reset()
        self.reached = 0

    def applies(self, event: Event) -> bool:  # noqa: ARG002 - the parts have looked at it
        """Whether the last part applies after all others; then it begins anew."""
        if self.parts[self.reached].history[-1]:
            self.reached += 1
        if self.reached < len(self.parts):
            return False
        self.reached = 0
        return True


class OccurrenceMarker(Operator):
    """``at_least_once``: its one part applied here or before; negated ``never``.

    Only the first event counts: that of the occurrence, or for ``never`` the first one at which
    nothing had occurred yet.
    """

    only_first = True

    def applies(self, event: Event) -> bool:  # noqa: ARG002 - the part has looked at it
        """Whether the part applied at this event or an earlier one."""
        return self.applied_before or self.parts[0].history[-1]
