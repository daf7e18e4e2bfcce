"""Apply markers to stored conversations, session by session."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.dialogue.events import ActionDone, Event, UserSaid
from assistant.errors import BotFileError
from assistant.stored_conversations import StoredConversation

from .marker import Marker

SESSION_START = "action_session_start"
COLUMNS = ("sender_id", "session_idx", "marker", "event_idx", "num_preceding_user_turns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a marker applies: an event of the whole conversation, and the user turns before it."""

    event: int
    turns_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSession:
    """One session: for each marker, in the order of their names, where it applies."""

    conversation: str
    number: int
    places: Mapping[str, Sequence[Place]]


def mark_sessions(
    conversations: Iterable[StoredConversation], markers: Mapping[str, Marker]
) -> list[MarkedSession]:
    """Apply every marker to every session; a session begins with ``action_session_start``."""
    return [
        MarkedSession(
            conversation=conversation.id,
            number=number,
            places=_places(events, first, markers),
        )
        for conversation in conversations
        for number, (first, events) in enumerate(sessions_of(conversation.events))
    ]


def sessions_of(events: Sequence[Event]) -> list[tuple[int, Sequence[Event]]]:
    """Split a conversation: the place of each session's first event, and its events."""
    starts = [
        i for i, event in enumerate(events)
        if isinstance(event, ActionDone) and event.name == SESSION_START
    ]  # fmt: skip
    if not starts:
        return [(0, events)]
    ends = [*starts[1:], len(events)]
    return [(start, events[start:end]) for start, end in zip(starts, ends, strict=True)]


def _places(
    events: Sequence[Event], first: int, markers: Mapping[str, Marker]
) -> dict[str, list[Place]]:
    turns: list[int] = []
    said = 0
    for marker in markers.values():
        marker.reset()
    for event in events:
        turns.append(said)
        said += isinstance(event, UserSaid)
        for marker in markers.values():
            marker.track(event)
    return {
        name: [Place(event=first + i, turns_before=turns[i]) for i in markers[name].places()]
        for name in sorted(markers)
    }


def write_marks(sessions: Sequence[MarkedSession], path: Path) -> int:
    """Write one row for each place, in Rasa's columns; returns how many.

    Raises:
        BotFileError: The file is there already, or cannot be written.
    """
    rows = [
        (session.conversation, session.number, name, place.event, place.turns_before)
        for session in sessions
        for name, places in session.places.items()
        for place in places
    ]
    write_csv(path, COLUMNS, rows)
    return len(rows)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table; what is there is never overwritten.

    Raises:
        BotFileError: The file is there already, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
    except FileExistsError as error:
        raise BotFileError(str(path), "is there already. Name another file.") from error
    except OSError as error:
        raise BotFileError(str(path), f"cannot be written: {error.strerror}.") from error
