"""What every step of the search for entities keeps: a message in, the entities so far out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.messages import Entity

from ..encoder import Encoded


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the steps see it.

    Attributes:
        text: As the user wrote it; all offsets count in it.
        language: BCP 47 tag.
        encoded: Its states; ``None`` where the encoder read a translation or nothing.
    """

    text: str
    language: str = "en"
    encoded: Encoded | None = None


class Step(Protocol):
    """Finds entities, or changes those that were found."""

    def process(self, message: Message, found: Sequence[Entity]) -> list[Entity]:
        """Return ``found`` with what this step adds or changes."""
        ...
