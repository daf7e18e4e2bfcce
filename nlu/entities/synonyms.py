"""EntitySynonymMapper: values that mean the same become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.messages import Entity

from .step import Message


@dataclass(frozen=True, slots=True)
class SynonymMapper:
    """Maps the values that the steps before it found.

    Attributes:
        name: Noted among an entity's ``processors``.
        values: Lowercase surface to value.
    """

    name: str
    values: Mapping[str, str]

    def process(self, message: Message, found: Sequence[Entity]) -> list[Entity]:
        """Replace the values that have another name."""
        del message
        return [self._mapped(entity) for entity in found]

    def _mapped(self, entity: Entity) -> Entity:
        value = self.values.get(str(entity.value).lower())
        if value is None:
            return entity
        return replace(entity, value=value, processors=(*entity.processors, self.name))
