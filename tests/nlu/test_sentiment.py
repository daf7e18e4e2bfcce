from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.engines import bytes_of
from assistant.messages import Sentiment, Turn
from nlu.reader import Reader
from nlu.sentiment_data import LABELS, Labelled
from nlu.sentiment_tables import train_table
from nlu.shared_encoder import SENTIMENT


def feeling(reader: Reader, text: str, pivot: str | None = None) -> Sentiment:
    (turn,) = reader.process([Turn(text=text, pivot=pivot)])
    assert turn.sentiment is not None
    return turn.sentiment


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, thank you so much!", "positive"),
        ("Great service, I am really happy with the jacket.", "positive"),
        ("This is the worst shop ever, I am so angry.", "negative"),
        ("My parcel arrived broken and nobody helps me. Terrible!", "negative"),
        ("My order number is A1042.", "neutral"),
        ("The shop opens on Monday.", "neutral"),
    ],
)
def test_plain_sentences_have_their_sentiment(reader: Reader, text: str, label: str) -> None:
    assert feeling(reader, text).label == label


@pytest.mark.parametrize(
    ("text", "pivot", "label"),
    [
        pytest.param("质量太差了，非常失望", None, "negative", id="alone"),
        pytest.param("非常满意，服务很好", None, "positive", id="alone-good"),
        pytest.param("你们的服务太差了", "Your service is terrible.", "negative", id="translated"),
        pytest.param(
            "东西很好，谢谢",
            "The things are very good, thank you!",
            "positive",
            id="translated-good",
        ),
    ],
)
def test_chinese_messages_have_a_sentiment_too(
    reader: Reader, text: str, pivot: str | None, label: str
) -> None:
    assert feeling(reader, text, pivot).label == label


def test_strength_goes_from_bad_to_good(reader: Reader) -> None:
    bad, plain, good = (
        feeling(reader, text).strength
        for text in ("I hate this", "I bought a lamp on Monday", "I love this")
    )

    assert -1 <= bad < plain < good <= 1


def test_the_shipped_adapter_is_small_and_has_a_card() -> None:
    assert bytes_of(SENTIMENT) < 10_000_000
    card = (SENTIMENT / "README.md").read_text("utf-8")
    assert all(word in card for word in ("TweetEval", "CPED", "ChnSentiCorp", "Licence"))


def test_a_table_learns_words_of_each_class() -> None:
    texts = ["awful bad thing", "it is a thing", "lovely good thing"] * 4
    table = train_table([(Labelled(texts, [0, 1, 2] * 4), 1.0)], strength=10.0)

    assert table["weights"].shape == (len(table["columns"]), len(LABELS))
    assert (np.diff(table["columns"]) > 0).all()


@pytest.mark.slow
def test_the_recipe_learns_and_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlu import sentiment_training as recipe

    monkeypatch.setattr(recipe, "_CHUNK", 16)
    train = Labelled(["I hate this", "it is Monday", "I love this", "see you at noon"] * 8,
                     [0, 1, 2, 1] * 8)  # fmt: skip
    checkpoint = tmp_path / "checkpoint.pt"
    numbers = recipe.Recipe(batch=4, rank=4)
    network = recipe.Network(numbers)
    ticks: list[int] = []
    recipe.fit(network, train, numbers, checkpoint, lambda _what, done, _of: ticks.append(done))

    again = recipe.Network(numbers)
    resumed: list[int] = []
    recipe.fit(again, train, numbers, checkpoint, lambda _what, done, _of: resumed.append(done))

    assert ticks[-1] == len(train.texts)
    assert resumed == []
    assert network.score(train).keys() == again.score(train).keys()
    assert network.score(train) == again.score(train)
