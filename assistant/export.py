"""Export stored conversations: one event per line, as Rasa's event brokers publish them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import BotFileError, DataError
from .files.yaml_file import Faults, read_yaml
from .stored_conversations import StoredConversation

BROKER_FILE = "rasa_event.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """From when to when, in seconds since 1970; ``None`` is open. The end does not belong to it."""

    start: float | None = None
    end: float | None = None

    def holds(self, timestamp: float) -> bool:
        """Whether a moment lies in it."""
        return (self.start is None or timestamp >= self.start) and (
            self.end is None or timestamp < self.end
        )


def exported_events(
    conversations: Iterable[StoredConversation], span: TimeSpan
) -> Iterator[dict[str, Any]]:
    """Yield each event of a time span as Rasa's JSON with its ``sender_id``, oldest first.

    Raises:
        DataError: The span ends before it starts, or holds no event.
    """
    if span.start is not None and span.end is not None and span.end <= span.start:
        raise DataError("--maximum-timestamp must be later than --minimum-timestamp.")
    found = [
        (event.timestamp, {"sender_id": conversation.id, **event.as_json()})
        for conversation in conversations
        for event in conversation.events
        if span.holds(event.timestamp)
    ]
    if not found:
        raise DataError("There is no event to export in that time.")
    for _, body in sorted(found, key=lambda each: each[0]):
        yield body


def append_lines(events: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Append events to a file of JSON lines; returns how many.

    Raises:
        BotFileError: The file cannot be written.
    """
    count = 0
    try:
        with path.open("a", encoding="utf-8") as file:
            for event in events:
                file.write(json.dumps(event, ensure_ascii=False, default=str) + "\n")
                count += 1
    except OSError as error:
        raise BotFileError(str(path), f"cannot be written: {error.strerror}.") from error
    return count


def broker_file(endpoints: Path) -> Path | None:
    """The file of ``event_broker: {type: file, path: …}``; ``None`` where no broker is named.

    Raises:
        BotFilesError: ``endpoints.yml`` cannot be read.
        BotFileError: The broker is no file.
    """
    if not endpoints.is_file():
        return None
    faults = Faults(endpoints.parent)
    file = read_yaml(endpoints, faults)
    faults.raise_all()
    data = file.data if file is not None else None
    broker = data.get("event_broker") if isinstance(data, Mapping) else None
    if not isinstance(broker, Mapping):
        return None
    if str(broker.get("type")).lower() != "file":
        where = file.where(data, "event_broker") if file else str(endpoints)
        what = f"event_broker: {broker.get('type')} is not exported to. Write a file: --out FILE"
        raise BotFileError(where, what)
    return endpoints.parent / str(broker.get("path", BROKER_FILE))
