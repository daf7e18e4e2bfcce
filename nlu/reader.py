"""The understanding of a trained bot: intents, entities and sentiment of each message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Sentiment, Turn

from .cleaning import clean
from .encoder import Encoded, Encoder, sentence_means
from .entities.step import Message
from .entity_reader import EntityReader
from .linear_head import LinearHead, by_intent
from .literal import read_literal
from .ngrams import counts, weighted
from .sentiment import SentimentReader

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Half of a character, as broken clients send it; no tokenizer takes it.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Understands turns; see `assistant.component.Understanding`.

    Shapes: k = n-gram columns seen in training, b = all hashed columns.

    Attributes:
        encoder: Read once for each text.
        intents: The head of the intents, with the keys of retrieval intents.
        entities: The steps that find them.
        sentiment: ``None`` where the encoder is not the one that it was trained on.
        literal: Names that ``/intent`` messages may use.
        idf: ``[b]``.
        columns: ``[k]``, which hashed columns the heads know.
    """

    encoder: Encoder
    intents: LinearHead
    entities: EntityReader
    sentiment: SentimentReader | None
    literal: frozenset[str]
    idf: NDArray[np.float32]
    columns: NDArray[np.int32]

    def process(self, turns: Sequence[Turn]) -> list[Turn]:
        """Read a batch of turns; literal ones bypass the model."""
        result = [read_literal(turn, self.literal) for turn in turns]
        model = [i for i, found in enumerate(result) if found is None]
        whole = [replace(turns[i], text=_HALF.sub("\ufffd", turns[i].text)) for i in model]
        for i, turn in zip(model, self._read(whole) if model else [], strict=True):
            result[i] = replace(turn, text=turns[i].text)
        return [turn for turn in result if turn is not None]

    def _read(self, turns: list[Turn]) -> list[Turn]:
        own = [self._as_read(turn) for turn in turns]
        plain = [clean(text) for text in own] if self.sentiment else []
        texts = list(dict.fromkeys([*own, *plain]))
        encoded = dict(zip(texts, self.encoder.encode(texts), strict=True))
        means = sentence_means(self.encoder, own, encoded)
        ranked = self.intents.rank(
            means,
            self._ngrams([turn.text for turn in turns]),
            np.array([text != turn.text for text, turn in zip(own, turns, strict=True)]),
        )
        feelings = self._feelings(turns, plain, encoded)
        result = []
        for i, turn in enumerate(turns):
            intents, retrieval = by_intent(ranked[i])
            result.append(
                replace(
                    turn,
                    intents=intents,
                    retrieval=retrieval,
                    entities=self.entities.read(self._message(turn, encoded[own[i]])),
                    sentiment=feelings[i],
                )
            )
        return result

    def _as_read(self, turn: Turn) -> str:
        """The text that the encoder reads: the user's own, or its translation."""
        if turn.pivot is None or self.encoder.reads_as_it_is(turn.text):
            return turn.text
        return turn.pivot

    def _feelings(
        self, turns: list[Turn], plain: list[str], encoded: Mapping[str, Encoded]
    ) -> list[Sentiment] | list[None]:
        if self.sentiment is None:
            return [None] * len(turns)
        return self.sentiment.read(
            [clean(turn.text) for turn in turns],
            [encoded[text] if self.encoder.reads(text) else None for text in plain],
        )

    def _ngrams(self, texts: list[str]) -> csr_matrix:
        return weighted(counts(texts), self.idf)[:, self.columns]

    def _message(self, turn: Turn, encoded: Encoded) -> Message:
        # A translation's pieces have no place in the text.
        has_states = self._as_read(turn) == turn.text and self.encoder.reads(turn.text)
        return Message(turn.text, turn.language, encoded if has_states else None)
