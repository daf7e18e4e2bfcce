"""The trained extractor: tag the words of a message, join spans, split lists at commas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Entity

from ..patterns import Patterns
from ..tagger import Tagger
from ..tags import OUTSIDE, Kind, Span, spans_of
from ..word_features import hashed, word_features
from ..words import Word, split_words, word_states
from .options import TaggerOptions
from .step import Message

_MOST_WORDS = 600
_COMMAS = {",", "，", "、"}


@dataclass(frozen=True, slots=True)
class TrainedExtractor:
    """The tagger and what stands around it.

    Attributes:
        options: Its name and how it splits.
        tagger: Scores tags.
        patterns: The bot's expressions and tables.
    """

    options: TaggerOptions
    tagger: Tagger
    patterns: Patterns

    def process(self, message: Message, found: Sequence[Entity]) -> list[Entity]:
        """Add the spans that the tagger marks; words after the 600th are not read."""
        text = message.text
        words = split_words(text)[:_MOST_WORDS]
        if not words:
            return list(found)
        states = word_states(words, message.encoded, self.tagger.dense.shape[0])
        features = hashed(word_features(text, words, self.patterns))
        tags, chances = self.tagger.decode(self.tagger.scores(features, states))
        own = (
            self._entity(text, words, part, chances)
            for span in spans_of(tags, self.tagger.names)
            for part in self._parts(text, words, span)
        )
        return [*found, *own]

    def _parts(self, text: str, words: Sequence[Word], span: Span) -> Iterator[Span]:
        if not self.options.splits(span.kind.entity):
            yield span
            return
        first = span.first
        for i in range(span.first, span.last + 1):
            if words[i].text in _COMMAS and not _in_number(text, words[i]):
                if first < i:
                    yield Span(span.kind, first, i - 1)
                first = i + 1
        if first <= span.last:
            yield Span(span.kind, first, span.last)

    def _entity(
        self, text: str, words: Sequence[Word], span: Span, chances: NDArray[np.float32]
    ) -> Entity:
        start, end, kind = words[span.first].start, words[span.last].end, span.kind
        inside = chances[span.first : span.last + 1]
        same = {"entity": kind.entity}
        return Entity(
            entity=kind.entity,
            value=text[start:end],
            start=start,
            end=end,
            confidence=self._least(inside, same),
            role=kind.role,
            confidence_role=self._least(inside, {**same, "role": kind.role}) if kind.role else None,
            group=kind.group,
            confidence_group=(
                self._least(inside, {**same, "group": kind.group}) if kind.group else None
            ),
            extractor=self.options.name,
        )

    def _least(self, chances: NDArray[np.float32], wanted: Mapping[str, str]) -> float:
        """Probability, at the least certain word, of the tags whose kind is as wanted."""
        kinds = [None if name == OUTSIDE else Kind.parse(name[2:]) for name in self.tagger.names]
        columns = [
            i
            for i, kind in enumerate(kinds)
            if kind and all(getattr(kind, key) == value for key, value in wanted.items())
        ]
        return min(1.0, float(chances[:, columns].sum(axis=1).min()))


def _in_number(text: str, comma: Word) -> bool:
    """Whether a comma stands between digits, as in 1,000."""
    before, after = text[comma.start - 1 : comma.start], text[comma.end : comma.end + 1]
    return comma.text == "," and before.isdigit() and after.isdigit()
