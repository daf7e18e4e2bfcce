"""What a foreign format needs to be told: columns, parts, the intent of unlabelled rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a file whose format leaves things open.

    Attributes:
        text: Name or number (from 1) of the column or key of texts; found by itself if ``None``.
        label: Likewise for intents.
        metadata: Columns or keys that are kept as metadata of the example.
        header: Whether the first row names the columns; found by itself if ``None``.
        part: Part of a file that holds several (CLINC: ``train``, ``val``, ``test``), or ``all``.
        intent: The intent of examples that have none.
    """

    text: str | None = None
    label: str | None = None
    metadata: tuple[str, ...] = ()
    header: bool | None = None
    part: str = "train"
    intent: str | None = None


TEXT_NAMES = (
    "text", "utterance", "sentence", "query", "message", "example", "question", "content", "text_a",
    "review", "tweet", "utt",
)  # fmt: skip
LABEL_NAMES = ("intent", "label", "category", "class", "labels", "target", "domain", "sentiment")
TAG_NAMES = ("slot_labels", "tags", "bio", "iob", "slots")
ENTITIES, METADATA = "entities", "metadata"


def named(names: tuple[str, ...], columns: list[str]) -> str | None:
    """Return the column with the first of some usual names, whatever its case."""
    lower = {column.strip().lower(): column for column in columns}
    return next((lower[name] for name in names if name in lower), None)
