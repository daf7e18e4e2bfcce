"""Parallel line files, as JointBERT's and few-shot sets come: ``seq.in``, ``seq.out``, ``label``.

One sentence a line in each; ``seq.out`` with the tags may be missing.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import BotFileError
from assistant.training_data import Example, TrainingData

from .layout import Layout
from .source import Source
from .tags import TagError, spans_of, tagged

TEXTS, TAGS, LABELS = "seq.in", "seq.out", "label"


def read_parallel(source: Source) -> TrainingData:
    """Read the files of a folder; ``source.path`` is its ``seq.in``.

    Raises:
        BotFileError: A file is missing, or they differ in length.
        BotFilesError: The faults of their lines.
    """
    texts = _lines(source.path, source.layout)
    labels = _lines(source.path.with_name(LABELS), source.layout)
    tags_file = source.path.with_name(TAGS)
    tags = _lines(tags_file, source.layout) if tags_file.exists() else None
    for name, lines in ((LABELS, labels), (TAGS, tags)):
        if lines is not None and len(lines) != len(texts):
            raise BotFileError(
                str(source.path.with_name(name)),
                f"has {len(lines)} lines, and {TEXTS} has {len(texts)}.",
            )
    for i, (text, label) in enumerate(zip(texts, labels, strict=True)):
        tokens = text.split()
        found = tags[i].split() if tags is not None else ["O"] * len(tokens)
        if len(found) != len(tokens):
            source.fault(i + 1, f"{len(tokens)} words have {len(found)} tags.")
            continue
        try:
            source.add(i + 1, text, label, entities=spans_of(text, tokens, found))
        except TagError as error:
            source.fault(i + 1, str(error))
    return source.done()


def _lines(path: Path, layout: Layout) -> list[str]:
    text = Source(path, layout).text()
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]


def write_parallel(data: TrainingData, folder: Path) -> None:
    """Write the three files; words are separated by blanks, so a text may change its blanks."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [tagged(example.text, example.entities, punctuation=False) for example in data.examples]
    columns = {
        TEXTS: [" ".join(token for token, _ in row) for row in rows],
        TAGS: [" ".join(tag for _, tag in row) for row in rows],
        LABELS: [_label(example) for example in data.examples],
    }
    for name, lines in columns.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _label(example: Example) -> str:
    return " ".join(example.intent.split())
