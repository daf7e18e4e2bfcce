"""Measure sentiment with the parts that serve: merged encoder, engine, head and tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.component import Engine

from .adapters import merged_encoder
from .encoder import Encoder, encoder_folder, load_encoder
from .linear_head import softmax
from .sentiment import SentimentReader
from .sentiment_data import chinese_dialogue, tweets

Floats = NDArray[np.float32]
_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
_TEMPERATURES = np.geomspace(0.3, 3.0, 30)
# How much the Chinese table counts beside the reading of a translation. There is no held-out
# Chinese dialogue with translations to choose it on.
_CHINESE_SHARE = 0.5

_CHUNK = 512


def settle_shares(data: Path, folder: Path, *, engine: Engine = "int8") -> dict[str, Any]:
    """Choose on the validation tweets how much the table counts, and the temperature.

    Writes ``shares`` and ``temperature`` into ``folder/sentiment.json`` and returns them.

    Raises:
        DataError: The tweets are missing.
    """
    path = folder / "sentiment.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    described |= {"shares": {"en": 0.0, "zh": _CHINESE_SHARE}, "temperature": 1.0}
    path.write_text(json.dumps(described, indent=1), encoding="utf-8")
    val = tweets(data, "val")
    states, table = _both(SentimentReader.load(folder), adapted_encoder(folder, engine), val.texts)
    labels = np.array(val.labels)
    recalls = [macro_recall(labels, states + share * table) for share in _SHARES]
    share = _SHARES[int(np.argmax(recalls))]
    scores = states + share * table
    losses = [
        -np.log(softmax(scores / value)[np.arange(len(labels)), labels] + 1e-9).mean()
        for value in _TEMPERATURES
    ]
    described["shares"]["en"] = share
    described["temperature"] = round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)
    described["scores"]["val_macro_recall"] = max(recalls)
    path.write_text(json.dumps(described, indent=1), encoding="utf-8")
    return dict(described)


def tweet_recall(data: Path, folder: Path, *, engine: Engine = "int8") -> float:
    """Macro-recall on the TweetEval test tweets, in percent; look at it last."""
    test = tweets(data, "test")
    states, table = _both(SentimentReader.load(folder), adapted_encoder(folder, engine), test.texts)
    share = SentimentReader.load(folder).shares["en"]
    return macro_recall(np.array(test.labels), states + share * table)


def chinese_f1(data: Path, folder: Path, encoder: Encoder | None = None) -> float:
    """Macro-F1 on CPED's test dialogues without translation, in percent.

    Args:
        data: The data folder.
        folder: The sentiment head.
        encoder: Reads the Chinese beside the n-gram table; ``None``: the table alone.
    """
    from sklearn.metrics import f1_score

    reader, test = SentimentReader.load(folder), chinese_dialogue(data, "test")
    scores = reader.tables["zh"].scores(test.texts)
    if encoder is not None:
        found = (
            reader.encoder_scores(each.states)
            for start in range(0, len(test.texts), _CHUNK)
            for each in encoder.encode(test.texts[start : start + _CHUNK])
        )
        scores = np.stack(list(found)) + reader.shares["zh"] * scores
    return 100 * float(f1_score(test.labels, scores.argmax(axis=1), average="macro"))


def adapted_encoder(folder: Path, engine: Engine = "int8") -> Encoder:
    """Load the built-in encoder with the adapter of ``folder`` merged in."""
    return load_encoder(merged_encoder(encoder_folder(None), [folder / "adapter"]), engine=engine)


def macro_recall(labels: NDArray[Any], scores: Floats) -> float:
    """Mean over the classes of the share that is found, in percent."""
    told = scores.argmax(axis=1)
    return 100 * float(np.mean([(told[labels == i] == i).mean() for i in np.unique(labels)]))


def _both(reader: SentimentReader, encoder: Encoder, texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Scores ``[n, 3]`` of the encoder and of the English table."""
    encoded = [
        reader.encoder_scores(each.states)
        for start in range(0, len(texts), 512)
        for each in encoder.encode(texts[start : start + 512])
    ]
    return np.stack(encoded), reader.tables["en"].scores(texts)
