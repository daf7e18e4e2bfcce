"""Split stories so that the part to test with asks for nothing that the other never shows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BotFilesError
from assistant.files.yaml_file import Faults, plain, read_yaml

Entry = dict[str, Any]
"""A story as it stands in its file: ``story``, ``steps``, perhaps ``metadata``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySplit:
    """Two parts of a bot's stories, each story unchanged."""

    train: list[Entry]
    test: list[Entry]


def split_stories(
    files: Iterable[Path], root: Path, *, fraction: float = 0.8, seed: int | None = None
) -> StorySplit:
    """Split the stories of some files at random.

    A story stays in ``train`` when it begins or ends with a checkpoint, as it is only a part of a
    conversation, or when one of its intents or actions is in no other story of ``train``.

    Args:
        files: Files that may have ``stories:``; their rules are left alone.
        root: Of the bot, for the places of faults.
        fraction: Share of stories in ``train``, between 0 and 1, both excluded.
        seed: The same seed gives the same parts.

    Raises:
        BotFilesError: A file cannot be read.
    """
    entries = list(_entries(files, root))
    shown = Counter(label for entry in entries for label in _labels(entry))
    order = list(range(len(entries)))
    random.Random(seed).shuffle(order)
    many = round(len(entries) * (1 - fraction))
    taken: set[int] = set()
    for i in order:
        labels = _labels(entries[i])
        whole = not any(kind == "checkpoint" for kind, _ in labels)
        if len(taken) < many and whole and all(shown[label] > 1 for label in labels):
            taken.add(i)
            shown.subtract(labels)
    return StorySplit(
        train=[entry for i, entry in enumerate(entries) if i not in taken],
        test=[entry for i, entry in enumerate(entries) if i in taken],
    )


def _entries(files: Iterable[Path], root: Path) -> Iterator[Entry]:
    faults = Faults(root)
    for path in files:
        if path.suffix not in {".yml", ".yaml"}:
            continue
        file = read_yaml(path, faults)
        if file and isinstance(file.data, Mapping) and file.data.get("stories"):
            yield from (plain(each) for each in file.sequence(file.data, "stories", "stories"))
    if faults.found:
        raise BotFilesError(faults.found)


def _labels(entry: Entry) -> set[tuple[str, str]]:
    """What a story shows: its intents, actions, forms and checkpoints."""
    found: set[tuple[str, str]] = set()
    steps = list(entry.get("steps") or [])
    while steps:
        step = steps.pop()
        if not isinstance(step, dict):
            continue
        steps += step.get("or") or []
        for kind in ("intent", "action", "active_loop", "checkpoint"):
            if step.get(kind) is not None:
                found.add((kind, str(step[kind])))
    return found
