from __future__ import annotations

import numpy as np
import pytest

from nlu.encoder import Encoder, encoder_folder, load_encoder

TEXTS = [
    "Where is my order?",
    "I would like to send this jacket back, please.",
    "Do you deliver to Oslo?",
    "The parcel arrived damaged and nobody answers my e-mails.",
]


@pytest.fixture(scope="module")
def int8() -> Encoder:
    return load_encoder(encoder_folder(None))


def test_eight_bits_keep_the_sentence_embedding(int8: Encoder) -> None:
    exact = load_encoder(encoder_folder(None), engine="float").encode(TEXTS)

    cosines = [float(a.mean @ b.mean) for a, b in zip(int8.encode(TEXTS), exact, strict=True)]

    assert min(cosines) >= 0.995


def test_sentences_alike_are_near(int8: Encoder) -> None:
    ask, same, other = int8.encode(
        ["Where is my order?", "Has my parcel been shipped?", "I like green tea."]
    )

    assert ask.mean @ same.mean > ask.mean @ other.mean + 0.2


def test_a_batch_gives_what_each_text_gives(int8: Encoder) -> None:
    together = int8.encode([*TEXTS, "", "hi"])
    alone = [int8.encode([text])[0] for text in [*TEXTS, "", "hi"]]

    for one, other in zip(together, alone, strict=True):
        assert np.abs(one.states - other.states).max() < 1e-5
        assert (one.offsets == other.offsets).all()


def test_offsets_point_into_the_text(int8: Encoder) -> None:
    (encoded,) = int8.encode(["Héllo 世界"])

    assert encoded.offsets.tolist()[-3:] == [[6, 7], [7, 8], [0, 0]]


def test_a_very_long_text_is_cut(int8: Encoder) -> None:
    (encoded,) = int8.encode(["word " * 5000])

    assert len(encoded.states) == 256


@pytest.mark.parametrize(
    ("text", "reads"),
    [("where is it", True), ("我的订单在哪里", False), ("order A1 很快 arrives", True), ("", True)],
)
def test_the_built_in_encoder_knows_what_it_cannot_read(
    int8: Encoder, text: str, *, reads: bool
) -> None:
    assert int8.reads(text) is reads
