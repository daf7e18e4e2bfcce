"""BIO tags: between spans of a text and one tag for each of its words.

Source: Ramshaw and Marcus 1995, "Text chunking using transformation-based learning".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.training_data import EntitySpan

from .words import Word

OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a span is: its type, role and group."""

    entity: str
    role: str | None = None
    group: str | None = None

    def __str__(self) -> str:
        return json.dumps([self.entity, self.role, self.group], ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> Kind:
        """Undo ``str()``."""
        return cls(*json.loads(text))


@dataclass(frozen=True, slots=True)
class Span:
    """Words ``first`` to ``last`` (inclusive) of one kind."""

    kind: Kind
    first: int
    last: int


def tag_names(spans: Sequence[EntitySpan]) -> list[str]:
    """Return ``O`` and a ``B-`` and an ``I-`` tag for every kind that occurs."""
    kinds = sorted({str(kind_of(span)) for span in spans})
    return [OUTSIDE, *(prefix + kind for kind in kinds for prefix in ("B-", "I-"))]


def kind_of(span: EntitySpan) -> Kind:
    """Return the type, role and group of an annotation."""
    return Kind(span.entity, span.role, span.group)


def tags_of(words: Sequence[Word], spans: Sequence[EntitySpan], names: Sequence[str]) -> list[int]:
    """Return the tag of each word; a word that a span only touches belongs to it."""
    index = {name: i for i, name in enumerate(names)}
    tags = [index[OUTSIDE]] * len(words)
    for span in spans:
        inside = [i for i, w in enumerate(words) if w.start < span.end and w.end > span.start]
        for place, i in enumerate(inside):
            tags[i] = index[("I-" if place else "B-") + str(kind_of(span))]
    return tags


def spans_of(tags: Sequence[int], names: Sequence[str]) -> list[Span]:
    """Return the spans that valid tags mark."""
    spans: list[Span] = []
    for i, tag in enumerate(tags):
        name = names[tag]
        if name.startswith("B-"):
            spans.append(Span(Kind.parse(name[2:]), i, i))
        elif name.startswith("I-"):
            spans[-1] = Span(spans[-1].kind, spans[-1].first, i)
    return spans


def valid_transitions(names: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which tag may begin a text, and which may follow which.

    Shapes: g = tags.

    Returns:
        ``[g]`` and ``[g, g]`` (from, to): ``I-x`` follows only ``B-x`` and ``I-x``.
    """
    inside = np.array([name.startswith("I-") for name in names])
    same = np.array([[a[2:] == b[2:] and a != OUTSIDE for b in names] for a in names])
    return ~inside, ~inside[None, :] | same
