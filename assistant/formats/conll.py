"""CoNLL columns: a token and its BIO tag a line, a blank line between sentences.

The intent stands in a comment (``# intent = greet``), in a third column that is the same on all
lines, or alone on the sentence's first or last line. ``# text = ...`` keeps the blanks of the
text (as CoNLL-U does), ``# entities = [...]`` roles, groups and values, ``# metadata = {...}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.errors import BotFileError
from assistant.training_data import EntitySpan, Example, TrainingData

from .source import Source, entity_json
from .tags import TagError, joined, spans_of, tagged

_COMMENT = re.compile(r"^#\s*(intent|text|entities|metadata)\s*[=:]\s?(.*)$")


@dataclass(kw_only=True)
class Sentence:
    """The lines of one sentence.

    Attributes:
        rows: Line and columns of each token.
        alone: Line and word of lines with one column.
        comments: Name to line and text.
    """

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    alone: list[tuple[int, str]] = field(default_factory=list)
    comments: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was in it."""
        return not (self.rows or self.alone or self.comments)


def read_conll(source: Source) -> TrainingData:
    """Read tagged sentences.

    Raises:
        BotFileError: The file cannot be read.
        BotFilesError: The faults of its lines.
    """
    for sentence in _sentences(source.text()):
        if len(sentence.alone) > 1 or (sentence.alone and not sentence.rows):
            line, word = sentence.alone[-1]
            source.fault(line, f"{word[:40]!r} has no tag. Write token and tag, e.g. Oslo B-city")
        elif sentence.rows:
            _add(source, sentence)
    return source.done()


def _sentences(text: str) -> Iterator[Sentence]:
    now = Sentence()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        cells = line.split("\t") if "\t" in line else line.split()
        match = _COMMENT.match(line.rstrip("\r"))
        if not line.strip():
            if not now.is_empty:
                yield now
            now = Sentence()
        elif match:
            now.comments[match[1]] = (number, match[2])
        elif cells[0].strip() == "-DOCSTART-" or (line.startswith("# ") and len(cells) != 2):
            continue
        elif len(cells) == 1:
            now.alone.append((number, cells[0].strip()))
        else:
            now.rows.append((number, [cell.strip() for cell in cells]))


def _add(source: Source, sentence: Sentence) -> None:
    begin = sentence.rows[0][0]
    tokens = [cells[0] for _, cells in sentence.rows]
    tags, intent = _columns(sentence)
    text = sentence.comments["text"][1] if "text" in sentence.comments else joined(tokens)
    try:
        spans = spans_of(text, tokens, tags)
    except TagError as error:
        source.fault(sentence.rows[error.index][0], str(error))
        return
    except ValueError:
        source.fault(sentence.comments["text"][0], "the text does not consist of the tokens below.")
        return
    found = _json(source, sentence, "entities")
    if found is not None:
        spans = source.entities(sentence.comments["entities"][0], text, found)
    metadata = _json(source, sentence, "metadata")
    source.add(
        begin, text, intent, entities=spans, metadata=metadata if isinstance(metadata, dict) else {}
    )


def _columns(sentence: Sentence) -> tuple[list[str], str | None]:
    """The tags, and the intent where the sentence says one."""
    last = [cells[-1] for _, cells in sentence.rows]
    if "intent" in sentence.comments:
        return last, sentence.comments["intent"][1].strip()
    if sentence.alone:
        return last, sentence.alone[0][1]
    same = len(set(last)) == 1 and all(len(cells) >= 3 for _, cells in sentence.rows)
    if same and not re.fullmatch(r"O|[BILUES]-\S+", last[0]):
        return [cells[-2] for _, cells in sentence.rows], last[0]
    return last, None


def _json(source: Source, sentence: Sentence, name: str) -> object:
    if name not in sentence.comments:
        return None
    line, text = sentence.comments[name]
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError as error:
        source.fault(line, f"{name} is not JSON: {error.msg}.")
        return None
    return found


def write_conll(data: TrainingData) -> str:
    """Write tagged sentences that `read_conll` reads back equal.

    Raises:
        BotFileError: A text holds a line break.
    """
    return "\n".join(_written(example) for example in data.examples)


def _written(example: Example) -> str:
    lines = [f"# intent = {example.intent}"]
    rows = tagged(example.text, example.entities)
    tokens = [token for token, _ in rows]
    if "\n" in example.text or "\r" in example.text:
        raise BotFileError(
            example.where, "the text holds a line break, which CoNLL columns cannot. Use CSV."
        )
    if joined(tokens) != example.text:
        lines.append(f"# text = {example.text}")
    if not _is_told(example, rows):
        found = [entity_json(span) for span in example.entities]
        lines.append(f"# entities = {json.dumps(found, ensure_ascii=False)}")
    if example.metadata:
        lines.append(f"# metadata = {json.dumps(example.metadata, ensure_ascii=False)}")
    return "\n".join([*lines, *(f"{token}\t{tag}" for token, tag in rows)]) + "\n"


def _is_told(example: Example, rows: list[tuple[str, str]]) -> bool:
    """Whether the tags alone say all about the entities."""
    tokens, tags = [token for token, _ in rows], [tag for _, tag in rows]
    told: list[EntitySpan] = spans_of(example.text, tokens, tags)
    return tuple(told) == example.entities
