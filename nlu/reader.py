"""The understanding of a trained bot: intents, entities and sentiment of each message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Entity, Turn

from .encoder import Encoded, Encoder
from .entity_reader import EntityReader
from .linear_head import LinearHead
from .literal import read_literal
from .ngrams import counts, weighted
from .sentiment import SentimentReader

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Understands turns; see `assistant.component.Understanding`.

    Shapes: k = n-gram columns seen in training, b = all hashed columns.

    Attributes:
        encoder: Read once for each text.
        intents: The head of the intents.
        retrieval: The head of the keys, for each retrieval intent.
        entities: ``None`` for a bot whose examples hold no entities.
        sentiment: ``None`` where the encoder is not the one that it was trained on.
        literal: Names that ``/intent`` messages may use.
        idf: ``[b]``.
        columns: ``[k]``, which hashed columns the heads know.
    """

    encoder: Encoder
    intents: LinearHead
    retrieval: Mapping[str, LinearHead]
    entities: EntityReader | None
    sentiment: SentimentReader | None
    literal: frozenset[str]
    idf: NDArray[np.float32]
    columns: NDArray[np.int32]

    def process(self, turns: Sequence[Turn]) -> list[Turn]:
        """Read a batch of turns; literal ones bypass the model."""
        result = [read_literal(turn, self.literal) for turn in turns]
        model = [i for i, found in enumerate(result) if found is None]
        read = self._read([turns[i] for i in model]) if model else []
        for i, turn in zip(model, read, strict=True):
            result[i] = turn
        return [turn for turn in result if turn is not None]

    def _read(self, turns: list[Turn]) -> list[Turn]:
        own = [turn.text if turn.pivot is None else turn.pivot for turn in turns]
        spoken = [self.sentiment.clean(text) for text in own] if self.sentiment else []
        texts = list(dict.fromkeys([*own, *spoken]))
        encoded = dict(zip(texts, self.encoder.encode(texts), strict=True))
        means = np.stack([encoded[text].mean for text in own])
        ngrams = self._ngrams([turn.text for turn in turns])
        intents = self.intents.rank(means, ngrams)
        keys = {name: head.rank(means, ngrams) for name, head in self.retrieval.items()}
        feelings = (
            self.sentiment.read([turn.text for turn in turns], [encoded[each] for each in spoken])
            if self.sentiment
            else [None] * len(turns)
        )
        return [
            replace(
                turn,
                intents=intents[i],
                entities=self._entities(turn, encoded[own[i]]),
                sentiment=feelings[i],
                retrieval={name: ranked[i] for name, ranked in keys.items()},
            )
            for i, turn in enumerate(turns)
        ]

    def _ngrams(self, texts: list[str]) -> csr_matrix:
        return weighted(counts(texts), self.idf)[:, self.columns]

    def _entities(self, turn: Turn, encoded: Encoded) -> tuple[Entity, ...]:
        if self.entities is None:
            return ()
        # A translation's pieces have no place in the text.
        return self.entities.read(turn.text, encoded if turn.pivot is None else None)
