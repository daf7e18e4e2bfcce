"""The values of a bot's NLU files: examples, synonyms, regexes and lookup tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpan:
    """An annotated value in an example: ``text[start:end]`` is the surface."""

    start: int
    end: int
    entity: str
    value: str
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example sentence.

    Attributes:
        text: Without annotation marks.
        intent: ``"greet"``, or ``"faq/warranty"`` for a retrieval intent.
        entities: In the order of their start.
        where: ``file:line`` of the example.
        metadata: Free keys of the intent and the example.
    """

    text: str
    intent: str
    entities: tuple[EntitySpan, ...] = ()
    where: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def base_intent(self) -> str:
        """``"faq"`` of ``"faq/warranty"``."""
        return self.intent.split("/", 1)[0]


@dataclass(kw_only=True)
class TrainingData:
    """All NLU data of a bot, merged from its files.

    Attributes:
        examples: Every example in file order.
        synonyms: Lowercase surface to value.
        regexes: Name to patterns.
        lookups: Entity type to words.
    """

    examples: list[Example] = field(default_factory=list)
    synonyms: dict[str, str] = field(default_factory=dict)
    regexes: dict[str, list[str]] = field(default_factory=dict)
    lookups: dict[str, list[str]] = field(default_factory=dict)

    def drop_repeats(self) -> None:
        """Keep the first of examples that are alike in all but their place, as Rasa does."""
        seen: set[str] = set()
        kept = []
        for example in self.examples:
            key = repr((example.text, example.intent, example.entities, example.metadata))
            if key not in seen:
                seen.add(key)
                kept.append(example)
        self.examples = kept
