"""RegexEntityExtractor: expressions and lookup tables that bear the name of an entity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.messages import Entity

from .expressions import compile_expression
from .lookup_table import LookupTable
from .options import RegexOptions
from .step import Message


@dataclass(frozen=True, slots=True)
class RegexExtractor:
    """Finds every match; matches of several expressions may overlap, as in Rasa.

    Attributes:
        name: That the entities bear as their extractor.
        regexes: Pairs of entity type and expression.
        lookups: Pairs of entity type and table.
    """

    name: str
    regexes: tuple[tuple[str, re.Pattern[str]], ...]
    lookups: tuple[tuple[str, LookupTable], ...]

    @classmethod
    def of(
        cls,
        options: RegexOptions,
        regexes: Mapping[str, Sequence[str]],
        lookups: Mapping[str, Sequence[str]],
    ) -> RegexExtractor:
        """Take what bears an entity's name.

        Raises:
            BotFileError: An expression is no regular expression.
        """
        case = options.case_sensitive
        return cls(
            name=options.name,
            regexes=tuple(
                (name, compile_expression(name, each, case_sensitive=case))
                for name, expressions in regexes.items()
                for each in expressions
                if options.use_regexes and name in options.entities
            ),
            lookups=tuple(
                (
                    name,
                    LookupTable.of(words, case_sensitive=case, bounded=options.use_word_boundaries),
                )
                for name, words in lookups.items()
                if options.use_lookup_tables and name in options.entities
            ),
        )

    def process(self, message: Message, found: Sequence[Entity]) -> list[Entity]:
        """Add the matches to what the steps before found."""
        text = message.text
        own = (
            Entity(entity=name, value=text[start:end], start=start, end=end, extractor=self.name)
            for name, start, end in dict.fromkeys(self._spans(text))
        )
        return [*found, *own]

    def _spans(self, text: str) -> Iterator[tuple[str, int, int]]:
        for name, table in self.lookups:
            for start, end in table.spans(text):
                yield name, start, end
        for name, expression in self.regexes:
            for match in expression.finditer(text):
                if match[0]:
                    yield name, match.start(), match.end()
