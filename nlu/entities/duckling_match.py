"""What Duckling answers, and the entities that Rasa makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assistant.errors import TrilogueError
from assistant.messages import Entity

Match = dict[str, Any]


class DucklingError(TrilogueError):
    """Duckling could not be asked; one line says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """What Duckling is asked.

    Attributes:
        text: A message.
        locale: E.g. ``"en_EN"``.
        timezone: IANA name.
        moment: What counts as now; with a time zone.
        dimensions: What to find; ``None`` for all.
    """

    text: str
    locale: str
    timezone: str
    moment: datetime
    dimensions: tuple[str, ...] | None


class Duckling(Protocol):
    """Answers a question with Duckling's own JSON: keys dim, start, end, body, value, latent."""

    def parse(self, question: Question) -> list[Match]:
        """Return the matches.

        Raises:
            DucklingError: There is no answer.
        """
        ...


def entities_of(matches: Sequence[Match], text: str, extractor: str) -> list[Entity]:
    """Turn matches into entities as Rasa does; ``additional_info`` is the match's value."""
    return [
        Entity(
            entity=str(match["dim"]),
            value=_value(match["value"]),
            start=match["start"],
            end=match["end"],
            confidence=1.0,
            extractor=extractor,
            additional_info=match["value"],
        )
        for match in matches
        if 0 <= match["start"] < match["end"] <= len(text)
    ]


def _value(value: dict[str, Any]) -> Any:  # noqa: ANN401 - a number, a text or a pair of moments
    if value.get("type") == "interval":
        return {side: (value.get(side) or {}).get("value") for side in ("to", "from")}
    return value.get("value")
