"""CSV and TSV: one example a row, with a column of texts and one of intents."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.errors import BotFileError, nearest
from assistant.training_data import EntitySpan, TrainingData

from .layout import ENTITIES, LABEL_NAMES, METADATA, TAG_NAMES, TEXT_NAMES, Layout, named
from .source import Source, entity_json
from .tags import TagError, spans_of

Row = tuple[int, list[str]]
"""Line and cells."""


def read_table(source: Source, *, tabs: bool) -> TrainingData:
    """Read a table.

    Raises:
        BotFileError: The file cannot be read, or it is not clear which column is which.
        BotFilesError: The faults of its rows.
    """
    rows = list(_rows(source, tabs=tabs))
    if not rows:
        return source.done()
    columns = Columns(source, rows)
    width = len(columns.names)
    for line, row in rows[columns.has_header :]:
        cells = row
        if tabs and len(row) > width and columns.text == width - 1:  # a tab inside the text
            cells = [*row[: width - 1], "\t".join(row[width - 1 :])]
        if len(cells) != width:
            todo = "No cell may hold a tab." if tabs else "Quote cells that hold the separator."
            source.fault(line, f"the row has {len(cells)} columns instead of {width}. {todo}")
            continue
        columns.read(line, cells)
    return source.done()


def _rows(source: Source, *, tabs: bool) -> Iterator[Row]:
    text = source.text()
    if tabs:  # no quotes: a text may begin with one
        for line, each in enumerate(text.split("\n"), start=1):
            if each.strip():
                yield line, each.removesuffix("\r").split("\t")
        return
    first = text.split("\n", 1)[0]
    mark = ";" if ";" in first and "," not in first else ","  # as European spreadsheets write it
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BotFileError(f"{source.path}:{begins}", f"CSV: {error}. Check the quotes.") from None


class Columns:
    """Which column holds what."""

    def __init__(self, source: Source, rows: Sequence[Row]) -> None:
        self.source = source
        line, first = rows[0]
        self.has_header = self._is_header(first)
        self.names = first if self.has_header else [str(i + 1) for i in range(len(first))]
        layout = source.layout
        self.text = self._find(line, layout.text, TEXT_NAMES)
        self.label = self._find(line, layout.label, LABEL_NAMES)
        if self.text is None or (self.label is None and layout.intent is None):
            self._guess(rows)
        self.tags = self._find(line, None, TAG_NAMES)
        self.entities = self._find(line, None, (ENTITIES,))
        self.told = self._find(line, None, (METADATA,))
        self.metadata = [(name, self._find(line, name, ())) for name in layout.metadata]

    def _is_header(self, cells: list[str]) -> bool:
        layout = self.source.layout
        if layout.header is not None:
            return layout.header
        if layout.text in cells or layout.label in cells:
            return True
        known = {name.strip().lower() for name in cells}
        return bool(known & set(TEXT_NAMES)) and bool(
            known & {*LABEL_NAMES, *TAG_NAMES} or layout.intent
        )

    def _find(self, line: int, asked: str | None, usual: tuple[str, ...]) -> int | None:
        if asked is None:
            name = named(usual, self.names) if self.has_header else None
            return None if name is None else self.names.index(name)
        if asked in self.names:
            return self.names.index(asked)
        if asked.isdigit() and 1 <= int(asked) <= len(self.names):
            return int(asked) - 1
        raise BotFileError(
            f"{self.source.path}:{line}",
            f"no column is called {asked!r}. {nearest(asked, self.names)}",
        )

    def _guess(self, rows: Sequence[Row]) -> None:
        """Of two columns the one with fewer different cells is the label."""
        cells = [row for _, row in rows[self.has_header :] if len(row) == 2]
        kinds = [len({row[i] for row in cells}) for i in (0, 1)]
        if len(self.names) != 2 or kinds[0] == kinds[1]:
            raise BotFileError(
                f"{self.source.path}:{rows[0][0]}",
                "it is not clear which column holds texts and which intents. Say so with "
                "--text-column and --label-column (a name, or a number from 1).",
            )
        label = 0 if kinds[0] < kinds[1] else 1
        if self.text is None:
            self.text = 1 - label if self.label is None else 1 - self.label
        if self.label is None:
            self.label = 1 - self.text

    def read(self, line: int, cells: list[str]) -> None:
        """Note the example of a row."""
        text = cells[self.text or 0]
        metadata = {name: cells[i] for name, i in self.metadata if i is not None}
        if self.told is not None and cells[self.told].strip():
            told = self._json(line, cells[self.told])
            metadata.update(told if isinstance(told, dict) else {})
        self.source.add(
            line,
            text,
            None if self.label is None else cells[self.label],
            entities=self._spans(line, cells, text),
            metadata=metadata,
        )

    def _spans(self, line: int, cells: list[str], text: str) -> list[EntitySpan]:
        if self.entities is not None and cells[self.entities].strip():
            return self.source.entities(line, text, self._json(line, cells[self.entities]))
        if self.tags is None:
            return []
        tokens, tags = text.split(), cells[self.tags].split()
        if len(tokens) != len(tags):
            self.source.fault(line, f"{len(tokens)} words have {len(tags)} tags.")
            return []
        try:
            return spans_of(text, tokens, tags)
        except TagError as error:
            self.source.fault(line, str(error))
            return []

    def _json(self, line: int, cell: str) -> Any:  # noqa: ANN401
        try:
            return json.loads(cell)
        except json.JSONDecodeError as error:
            self.source.fault(line, f"{cell[:40]!r} is not JSON: {error.msg}.")
            return []


def write_table(data: TrainingData, layout: Layout, *, tabs: bool) -> str:
    """Write a table; entities and metadata stand as JSON in columns of their own, where any are.

    Raises:
        BotFileError: A text holds a tab or a line break, which TSV cannot.
    """
    entities = any(example.entities for example in data.examples)
    metadata = any(example.metadata for example in data.examples)
    rows = [[layout.text or "text", layout.label or "intent"]]
    rows[0] += [ENTITIES] * entities + [METADATA] * metadata
    for example in data.examples:
        row = [example.text, example.intent]
        if entities:
            found = [entity_json(span) for span in example.entities]
            row.append(json.dumps(found, ensure_ascii=False) if found else "")
        if metadata:
            row.append(json.dumps(example.metadata, ensure_ascii=False) if example.metadata else "")
        if tabs and any(mark in cell for cell in row for mark in "\t\r\n"):
            raise BotFileError(
                example.where, "the text holds a tab or a line break, which TSV cannot. Use CSV."
            )
        rows.append(row)
    if tabs:
        return "".join("\t".join(row) + "\n" for row in rows)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
