"""Regular expressions and lookup tables as evidence for entities: which words they cover."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .entities.expressions import compile_expression
from .entities.lookup_table import LookupTable
from .entities.options import PatternOptions
from .words import Word

# Shapes that every shop meets; a bot's own expressions stand beside them.
BUILT_IN = {
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "link": r"(?:https?://|www\.)\S+",
    "amount": (
        r"(?:[$€£¥￥]|\b(?:USD|EUR|GBP|CNY|RMB)\s?)\d[\d,.]*\d*"
        r"|\d[\d,.]*\s?(?:[$€£¥元块]|(?:dollars?|euros?|pounds?|yuan|bucks|usd|eur|gbp|rmb)\b)"
    ),
    "date": (
        r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|\d{1,2}月\d{1,2}[日号]?|\b\d{1,2}(?:st|nd|rd|th)\b"
    ),
    "code": r"(?<!\w)[#A-Za-z]{0,4}-?\d{4,}(?:-\d+)*(?!\w)",
}


@dataclass(frozen=True, slots=True)
class Patterns:
    """The bot's expressions and tables.

    Attributes:
        regexes: Name to expressions.
        lookups: Entity type to its table.
    """

    regexes: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)
    lookups: Mapping[str, LookupTable] = field(default_factory=dict)

    @classmethod
    def compile(
        cls,
        regexes: Mapping[str, Sequence[str]],
        lookups: Mapping[str, Sequence[str]],
        options: PatternOptions | None = None,
    ) -> Patterns:
        """Compile a bot's expressions beside the built-in ones.

        Args:
            regexes: Name to expressions.
            lookups: Entity type to words.
            options: What is used of them; ``None`` for the built-in shapes alone.

        Raises:
            BotFileError: One of them is no regular expression.
        """
        compiled = {f"built-in {name}": [re.compile(BUILT_IN[name], re.I)] for name in BUILT_IN}
        case = options is not None and options.case_sensitive
        own = {
            name: [compile_expression(name, each, case_sensitive=case) for each in expressions]
            for name, expressions in regexes.items()
        }
        if options is not None and options.use_regexes:
            compiled |= own
        tables = {
            name: LookupTable.of(words, case_sensitive=case)
            for name, words in lookups.items()
            if options is not None and options.use_lookup_tables
        }
        return cls(compiled, tables)

    def evidence(self, text: str, words: Sequence[Word]) -> list[list[str]]:
        """Name for each word the expressions and tables that begin or go on there."""
        found: list[list[str]] = [[] for _ in words]
        for name, expressions in self.regexes.items():
            for expression in expressions:
                for match in expression.finditer(text):
                    _mark(found, words, match.start(), match.end(), f"regex {name}")
        for name, table in self.lookups.items():
            for start, end in table.spans(text):
                _mark(found, words, start, end, f"lookup {name}")
        return found


def _mark(found: list[list[str]], words: Sequence[Word], start: int, end: int, name: str) -> None:
    inside = [i for i, word in enumerate(words) if word.start < end and word.end > start]
    for place, i in enumerate(inside):
        found[i].append(("I " if place else "B ") + name)
