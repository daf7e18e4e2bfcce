"""Regular expressions and lookup tables as evidence for entities: which words they cover."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.errors import BotFileError

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
        lookups: Entity type to lowercase words.
    """

    regexes: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)
    lookups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def compile(
        cls, regexes: Mapping[str, Sequence[str]], lookups: Mapping[str, Sequence[str]]
    ) -> Patterns:
        """Compile a bot's expressions beside the built-in ones.

        Raises:
            BotFileError: One of them is no regular expression.
        """
        compiled = {f"built-in {name}": [re.compile(BUILT_IN[name], re.I)] for name in BUILT_IN}
        for name, expressions in regexes.items():
            try:
                compiled[name] = [re.compile(each, re.IGNORECASE) for each in expressions]
            except re.error as error:
                raise BotFileError(
                    f"regex {name!r}", f"{error}. Mend the expression in the NLU file."
                ) from error
        tables = {
            name: frozenset(word.strip().lower() for word in words if word.strip())
            for name, words in lookups.items()
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
            for start, end in _known(text, words, table):
                _mark(found, words, start, end, f"lookup {name}")
        return found


def _mark(found: list[list[str]], words: Sequence[Word], start: int, end: int, name: str) -> None:
    inside = [i for i, word in enumerate(words) if word.start < end and word.end > start]
    for place, i in enumerate(inside):
        found[i].append(("I " if place else "B ") + name)


def _known(
    text: str, words: Sequence[Word], table: frozenset[str], longest: int = 8
) -> list[tuple[int, int]]:
    """Find the longest runs of words that a table holds, from left to right."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is longer would shift the offsets
        lowered = text
    spans, i = [], 0
    while i < len(words):
        for last in range(min(len(words), i + longest) - 1, i - 1, -1):
            if lowered[words[i].start : words[last].end] in table:
                spans.append((words[i].start, words[last].end))
                i = last
                break
        i += 1
    return spans
