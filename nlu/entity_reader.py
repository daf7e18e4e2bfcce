"""Find the entities of a message: the steps that the bot's pipeline names, one after the other.

As in Rasa every extractor adds what it finds, so that spans of different types or places may
overlap. Where two extractors find the same type and value at the same place, it is told once: the
one with a role or a group stays, else the first. Rasa tells it twice, and a text slot then gets a
list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.messages import Entity

from .entities.step import Message, Step
from .entities.trained_extractor import TrainedExtractor


@dataclass(frozen=True, slots=True)
class EntityReader:
    """The steps.

    Attributes:
        steps: In the order of the pipeline.
    """

    steps: tuple[Step, ...]

    @property
    def trained(self) -> TrainedExtractor | None:
        """The step with a tagger; ``None`` where nothing was trained."""
        return next((step for step in self.steps if isinstance(step, TrainedExtractor)), None)

    def read(self, message: Message) -> tuple[Entity, ...]:
        """Return the entities of a message, in the order of their start."""
        found: list[Entity] = []
        for step in self.steps:
            found = step.process(message, found)
        return tuple(sorted(once(found), key=lambda entity: entity.start))


def once(found: Sequence[Entity]) -> list[Entity]:
    """Leave out what another extractor has found as well."""
    kept: list[Entity] = []
    for entity in found:
        same = next((i for i, other in enumerate(kept) if _is_same(entity, other)), None)
        if same is None:
            kept.append(entity)
        elif _detail(entity) > _detail(kept[same]):
            kept[same] = entity
    return kept


def _is_same(one: Entity, other: Entity) -> bool:
    return (
        one.extractor != other.extractor
        and (one.entity, one.start, one.end) == (other.entity, other.start, other.end)
        and str(one.value) == str(other.value)
        and all(
            None in pair or pair[0] == pair[1]
            for pair in ((one.role, other.role), (one.group, other.group))
        )
    )


def _detail(entity: Entity) -> int:
    return sum(each is not None for each in (entity.role, entity.group))
