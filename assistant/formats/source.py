"""A file of a foreign format while it is read: its text, its faults, its examples so far."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import BotFileError, BotFilesError
from assistant.training_data import EntitySpan, Example, TrainingData

from .layout import Layout

MOST_FAULTS = 50


class Source:
    """Collects what a reader finds in one file.

    Attributes:
        path: The file.
        layout: What the user said of it.
        data: The examples so far.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path = path
        self.layout = layout
        self.data = TrainingData()
        self.faults: list[BotFileError] = []

    def text(self) -> str:
        """The whole file.

        Raises:
            BotFileError: It is missing or not UTF-8.
        """
        try:
            return self.path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.path.read_bytes()[: error.start].count(b"\n") + 1
            raise BotFileError(
                f"{self.path}:{line}", "is not UTF-8 text. Save the file as UTF-8."
            ) from None
        except OSError as error:
            raise BotFileError(str(self.path), f"cannot be read: {error.strerror}.") from None

    def fault(self, line: int, what: str) -> None:
        """Note one fault and go on."""
        self.faults.append(BotFileError(f"{self.path}:{line}", what))

    def add(
        self,
        line: int,
        text: str,
        intent: str | None,
        *,
        entities: Sequence[EntitySpan] = (),
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Note one example; outer blanks are cut off and positions moved along."""
        label = (intent or "").strip() or self.layout.intent
        cut = len(text) - len(text.lstrip())
        if not text.strip():
            self.fault(line, "the text is empty.")
            return
        if not label:
            self.fault(line, "the example has no intent. Name one for all such with --intent NAME.")
            return
        moved = [_moved(span, cut) for span in entities]
        self.data.examples.append(
            Example(
                text=text.strip(),
                intent=label,
                entities=tuple(sorted(moved, key=lambda span: (span.start, span.end))),
                where=f"{self.path}:{line}",
                metadata=metadata or {},
            )
        )

    def entities(self, line: int, text: str, found: object) -> list[EntitySpan]:
        """Read entities from JSON values with start, end and entity; damaged ones are faults."""
        if not isinstance(found, list):
            self.fault(line, "entities must be a list of objects with start, end and entity.")
            return []
        spans = []
        for item in found:
            try:
                spans.append(_span(text, item))
            except (KeyError, TypeError, ValueError, AttributeError):
                told = json.dumps(item, ensure_ascii=False)[:60]
                self.fault(line, f"an entity needs start, end and entity inside the text: {told}")
        return spans

    def done(self) -> TrainingData:
        """Return the data.

        Raises:
            BotFilesError: All faults, or that there is nothing in the file.
        """
        if not self.faults and not self.data.examples:
            self.fault(1, "holds no examples.")
        if len(self.faults) > MOST_FAULTS:
            more = len(self.faults) - MOST_FAULTS
            last = BotFileError(str(self.path), f"{more} more faults.")
            self.faults[MOST_FAULTS:] = [last]
        if self.faults:
            raise BotFilesError(self.faults)
        return self.data


def _moved(span: EntitySpan, by: int) -> EntitySpan:
    if not by:
        return span
    return EntitySpan(
        start=span.start - by, end=span.end - by, entity=span.entity, value=span.value,
        role=span.role, group=span.group,
    )  # fmt: skip


def _span(text: str, item: Any) -> EntitySpan:  # noqa: ANN401
    start, end = int(item["start"]), int(item["end"])
    if not 0 <= start < end <= len(text):
        raise ValueError(item)
    value, role, group = item.get("value"), item.get("role"), item.get("group")
    return EntitySpan(
        start=start,
        end=end,
        entity=str(item["entity"]),
        value=text[start:end] if value is None else str(value),
        role=None if role is None else str(role),
        group=None if group is None else str(group),
    )


def entity_json(span: EntitySpan) -> dict[str, Any]:
    """The entity as Rasa's JSON has it."""
    found = {
        "start": span.start, "end": span.end, "entity": span.entity, "value": span.value,
        "role": span.role, "group": span.group,
    }  # fmt: skip
    return {key: each for key, each in found.items() if each is not None}
