"""Compare marked entities with found ones, token by token and span by span."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.tokens import token_places

from .classification import NOTHING, Pair


class Marked(Protocol):
    """An entity with its place in a text; examples and turns both have such values."""

    @property
    def start(self) -> int:
        """Offset of the first character."""
        ...

    @property
    def end(self) -> int:
        """Offset after the last character."""
        ...

    @property
    def entity(self) -> str:
        """The type."""
        ...

    @property
    def role(self) -> str | None:
        """The part it plays."""
        ...

    @property
    def group(self) -> str | None:
        """Which of several like things it belongs to."""
        ...


def token_pairs(text: str, expected: Sequence[Marked], found: Sequence[Marked]) -> list[Pair]:
    """Return (expected, found) types for each token, as Rasa counts entities.

    A token belongs to the entity that covers most of it; `NOTHING` stands for no entity.
    """
    places = token_places(text)
    return list(
        zip(_labels(places, expected), _labels(places, found), strict=True),
    )


def _labels(places: Sequence[tuple[int, int]], marks: Sequence[Marked]) -> list[str]:
    labels = []
    for start, end in places:
        shares = [(min(end, mark.end) - max(start, mark.start), mark) for mark in marks]
        best = max(shares, key=lambda share: share[0], default=None)
        labels.append(best[1].entity if best and best[0] > 0 else NOTHING)
    return labels


def span_pairs(expected: Sequence[Marked], found: Sequence[Marked]) -> list[Pair]:
    """Return (expected, found) types for each span; only equal boundaries meet.

    A span with another role or group than expected is a miss and a false alarm, and so is a
    boundary that is one character off.
    """
    wanted = {_key(mark): mark for mark in expected}
    given = {_key(mark): mark for mark in found}
    pairs = [(wanted[key].entity, given[key].entity) for key in wanted if key in given]
    missed = {key[:2]: wanted[key].entity for key in wanted if key not in given}
    extra = {key[:2]: given[key].entity for key in given if key not in wanted}
    for place in sorted(missed.keys() | extra.keys()):
        a, b = missed.get(place, NOTHING), extra.get(place, NOTHING)
        if a == b:  # the type is right, role or group is not
            pairs += [(a, NOTHING), (NOTHING, b)]
        else:
            pairs.append((a, b))
    return pairs


def _key(mark: Marked) -> tuple[int, int, str, str | None, str | None]:
    return mark.start, mark.end, mark.entity, mark.role, mark.group
