"""Find entities in a message: tag its words, join spans, map synonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Entity

from .encoder import Encoded
from .patterns import Patterns
from .tagger import Tagger
from .tags import Span, spans_of
from .word_features import hashed, word_features
from .words import Word, split_words, word_states

_MOST_WORDS = 600


@dataclass(frozen=True, slots=True)
class EntityReader:
    """The tagger and what stands around it.

    Attributes:
        tagger: Scores tags.
        patterns: The bot's expressions and tables.
        synonyms: Lowercase surface to value.
    """

    tagger: Tagger
    patterns: Patterns
    synonyms: Mapping[str, str]

    def read(self, text: str, encoded: Encoded | None) -> tuple[Entity, ...]:
        """Return the entities of ``text``, with offsets into it.

        Args:
            text: A message; words after the 600th are not read.
            encoded: Its states; ``None`` where the encoder read a translation instead.
        """
        words = split_words(text)[:_MOST_WORDS]
        if not words:
            return ()
        states = word_states(words, encoded, self.tagger.dense.shape[0])
        features = hashed(word_features(text, words, self.patterns))
        tags, chances = self.tagger.decode(self.tagger.scores(features, states))
        return tuple(
            self._entity(text, words, span, _confidence(span, tags, chances))
            for span in spans_of(tags, self.tagger.names)
        )

    def _entity(self, text: str, words: list[Word], span: Span, confidence: float) -> Entity:
        start, end = words[span.first].start, words[span.last].end
        surface = text[start:end]
        return Entity(
            entity=span.kind.entity,
            value=self.synonyms.get(surface.lower(), surface),
            start=start,
            end=end,
            confidence=confidence,
            role=span.kind.role,
            group=span.kind.group,
            extractor="tagger",
        )


def _confidence(span: Span, tags: list[int], chances: NDArray[np.float32]) -> float:
    """Probability of the least certain tag of a span."""
    return min(float(chances[i, tags[i]]) for i in range(span.first, span.last + 1))
