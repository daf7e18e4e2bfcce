"""Read how the user feels with the adapter that ships in ``nlu/sentiment``.

The states come from the encoder with the sentiment adapter merged in, which all heads share. The
n-gram tables add what they know: the English one to a text in Latin letters, the Chinese one to
a Chinese message, whose translation the encoder has read where there is a translator.

Shapes: t = word pieces, d = width of the encoder, k = columns of a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.messages import Sentiment

from .encoder import Encoded
from .linear_head import softmax
from .ngrams import flat, is_chinese
from .sentiment_data import LABELS
from .tensors import Tensors, read_object, read_tensors

Floats = NDArray[np.float32]
_HEAD = ("query.weight", "query.bias", "out.weight", "out.bias")
_TABLES = [f"{name}.{key}" for name in ("en", "zh") for key in ("columns", "weights", "bias")]


@dataclass(frozen=True, slots=True)
class Table:
    """Weights of n-grams: ``columns`` ``[k]``, ``weights`` ``[k, 3]``, ``bias`` ``[3]``."""

    columns: NDArray[np.int32]
    weights: Floats
    bias: Floats

    @classmethod
    def of(cls, name: str, tensors: Tensors) -> Table:
        """Take the table called ``name`` from the file's tensors."""
        columns, weights, bias = (
            tensors[f"{name}.{key}"] for key in ("columns", "weights", "bias")
        )
        return cls(columns, weights.astype(np.float32), bias.astype(np.float32))

    def scores(self, texts: Sequence[str]) -> Floats:
        """Score cleaned texts: ``[n, 3]``."""
        from scipy.sparse import csr_matrix

        found = flat(texts)
        places = np.searchsorted(self.columns, found.indices)
        places = np.minimum(places, len(self.columns) - 1)
        values = found.data * (self.columns[places] == found.indices)
        shape = (len(texts), len(self.columns))
        known = csr_matrix((values, places, found.indptr), shape=shape)
        return np.asarray(known @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentReader:
    """The shipped head.

    Attributes:
        query: ``[d]``, what attention pooling looks for.
        weight: ``[3, d]``.
        bias: ``[3]``.
        tables: ``"en"`` and ``"zh"``.
        shares: How much a table counts beside the encoder: ``"en"``, and ``"zh"`` beside the
            reading of a translation.
        temperature: Divides the scores.
    """

    query: Floats
    weight: Floats
    bias: Floats
    tables: Mapping[str, Table]
    shares: Mapping[str, float]
    temperature: float

    @classmethod
    def load(cls, folder: Path) -> SentimentReader:
        """Load the head.

        Raises:
            ModelError: A file is missing or damaged.
        """
        head = read_tensors(folder / "head.safetensors", _HEAD)
        tables = read_tensors(folder / "tables.safetensors", _TABLES)
        described = read_object(folder / "sentiment.json")
        return cls(
            query=head["query.weight"][0],
            weight=head["out.weight"],
            bias=head["out.bias"],
            tables={name: Table.of(name, tables) for name in ("en", "zh")},
            shares=described["shares"],
            temperature=float(described["temperature"]),
        )

    def read(self, texts: Sequence[str], encoded: Sequence[Encoded | None]) -> list[Sentiment]:
        """Judge messages.

        Args:
            texts: Cleaned messages in the user's language.
            encoded: States of each cleaned message, or of its cleaned translation; ``None``
                where the encoder cannot read the language and there is no translation.
        """
        return [
            self._judge(self.scores(text, states))
            for text, states in zip(texts, encoded, strict=True)
        ]

    def scores(self, text: str, encoded: Encoded | None) -> Floats:
        """Add encoder and table: ``[3]`` in the order of `LABELS`."""
        name = "zh" if is_chinese(text) else "en"
        table: Floats = self.tables[name].scores([text])[0]
        if encoded is None:
            return table
        scores: Floats = self.encoder_scores(encoded.states) + self.shares[name] * table
        return scores

    def encoder_scores(self, states: Floats) -> Floats:
        """Pool ``[t, d]`` by attention and map to ``[3]``."""
        attention = np.exp(states @ self.query - (states @ self.query).max())
        pooled = (attention / attention.sum()) @ states
        return np.asarray(self.weight @ pooled + self.bias, dtype=np.float32)

    def _judge(self, scores: Floats) -> Sentiment:
        chances = softmax(scores[None] / self.temperature)[0]
        best = int(chances.argmax())
        return Sentiment(
            label=LABELS[best],
            confidence=float(chances[best]),
            strength=float(chances[2] - chances[0]),
        )
