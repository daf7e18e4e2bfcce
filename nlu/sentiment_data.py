"""The texts that sentiment is learnt from. Nothing is copied into the package."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from assistant.errors import DataError

from .cleaning import clean

Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = get_args(Label)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Cleaned texts and the index of each one's label in `LABELS`."""

    texts: list[str]
    labels: list[int]


def tweets(data: Path, split: Literal["train", "val", "test"]) -> Labelled:
    """TweetEval sentiment (Barbieri et al. 2020, arXiv:2010.12421; SemEval-2017 task 4A)."""
    folder = data / "nlu" / "tweeteval_sentiment"
    if split == "train":
        rows = [line.split("\t", 1) for line in _lines(folder / "train_rebuilt.tsv")]
        return Labelled([clean(text) for _, text in rows], [int(label) for label, _ in rows])
    texts = _lines(folder / f"{split}_text.txt")
    labels = _lines(folder / f"{split}_labels.txt")
    return Labelled([clean(text) for text in texts], [int(label) for label in labels])


def chinese_dialogue(data: Path, split: Literal["valid", "test"]) -> Labelled:
    """CPED (Chen et al. 2022, arXiv:2205.14727, Apache-2.0): lines of Chinese TV dialogue."""
    path = data / "nlu" / "cped_zh" / f"{split}_split.slim.csv"
    rows = [row for row in csv.DictReader(_lines(path)) if row["Sentiment"] in LABELS]
    return Labelled(
        [clean(row["Utterance"]) for row in rows],
        [LABELS.index(row["Sentiment"]) for row in rows],
    )


def chinese_reviews(data: Path) -> Labelled:
    """ChnSentiCorp, training part (repository Apache-2.0): hotel, book and computer reviews."""
    rows = [
        line.split("\t", 1) for line in _lines(data / "nlu" / "chnsenticorp_zh" / "train.tsv")[1:]
    ]
    return Labelled([clean(text)[:120] for _, text in rows], [2 * int(label) for label, _ in rows])


def _lines(path: Path) -> list[str]:
    if not path.exists():
        raise DataError(f"{path}: is missing. Point TRILOGUE_DATA at the data folder.")
    return path.read_text(encoding="utf-8-sig").rstrip("\n").split("\n")
