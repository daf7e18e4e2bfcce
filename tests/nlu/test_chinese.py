from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from nlu.chinese.alignment import first_rows
from nlu.chinese.extension import (
    PIECES,
    ROWS,
    add_pieces,
    chinese_encoder,
    read_extension,
    write_extension,
)
from nlu.chinese.pieces import chinese_pieces
from nlu.chinese.recipe import train_extension
from nlu.encoder import encoder_folder, load_encoder, load_tokenizer
from nlu.shared_encoder import sentiment_encoder, shared_encoder


def test_a_chinese_sentence_is_read_near_its_translation() -> None:
    encoder = load_encoder(shared_encoder(None)[0])
    texts = ["我的订单到哪里了？", "Where is my order?", "I like this song.", "今天天气真好"]

    ours, right, wrong, other = (each.mean for each in encoder.encode(texts))

    assert ours @ right > 0.6
    assert ours @ right > 2 * (ours @ wrong)
    assert ours @ right > 2 * (ours @ other)


def test_the_rows_leave_english_as_it_was() -> None:
    text = ["Where is my parcel, and who signed for it?"]

    before = load_encoder(sentiment_encoder(), engine="float").encode(text)[0]
    after = load_encoder(shared_encoder(None)[0], engine="float").encode(text)[0]

    np.testing.assert_allclose(after.states, before.states, atol=1e-5)


def test_places_of_chinese_pieces_point_into_the_text() -> None:
    encoder = load_encoder(shared_encoder(None)[0])
    text = "A1042 的围巾"

    offsets = encoder.encode([text])[0].offsets[1:-1]

    assert "".join(text[start:end] for start, end in offsets) == text.replace(" ", "")


def test_longer_pieces_are_taken_before_shorter_ones() -> None:
    tokenizer = load_tokenizer(encoder_folder(None))
    add_pieces(tokenizer, ["订", "单", "订单"])

    assert tokenizer.encode("订单", add_special_tokens=False).tokens == ["订单"]


def test_words_become_pieces_and_their_characters_stand_beside_them() -> None:
    texts = ["我的订单在哪里", "订单什么时候到", "请取消订单", "退款到了吗", "订单和退款"] * 20
    pieces = chinese_pieces(texts, size=40)

    assert "订单" in pieces
    assert set("订单退款") <= set(pieces)
    assert len(pieces) == len(set(pieces))


def test_a_piece_starts_at_the_row_that_translates_it() -> None:
    table = np.eye(4, dtype=np.float32)
    chinese = [[0, 1], [0, 2], [1, 2], [0]]
    english = [[0, 1], [0, 2], [1, 2], [0]]

    rows = first_rows(chinese, english, 3, table)

    assert rows.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_piece_without_a_translation_starts_in_the_middle() -> None:
    rows = first_rows([[0]], [[1]], 2, np.eye(3, dtype=np.float32))

    np.testing.assert_allclose(rows[1], np.full(3, 1 / 3), atol=1e-6)


def test_an_extension_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_extension(tmp_path, ["订单", "好"], np.ones((2, 4), dtype=np.float32))

    pieces, rows = read_extension(tmp_path)

    assert pieces == ["订单", "好"]
    assert rows.tolist() == np.ones((2, 4)).tolist()


def test_an_extension_that_lost_a_line_is_refused(tmp_path: Path) -> None:
    write_extension(tmp_path, ["订单", "好"], np.ones((2, 4), dtype=np.float32))
    (tmp_path / PIECES).write_text("订单\n", encoding="utf-8")

    with pytest.raises(ModelError, match=ROWS):
        read_extension(tmp_path)


def test_rows_of_another_width_are_refused(tmp_path: Path) -> None:
    write_extension(tmp_path, ["订单"], np.ones((1, 4), dtype=np.float32))

    with pytest.raises(ModelError, match="width 384"):
        chinese_encoder(encoder_folder(None), tmp_path)


@pytest.mark.slow
def test_the_recipe_makes_rows_and_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    pairs = {"shop_desk": shop_desk_pairs()[:200]}
    told: list[tuple[str, float, float]] = []

    train_extension(
        pairs, tmp_path, minutes=0.05, tick=lambda what, done, of: told.append((what, done, of))
    )
    pieces, rows = read_extension(tmp_path)
    train_extension(pairs, tmp_path, minutes=0.05, tick=lambda *_: None)

    assert "订单" in pieces
    assert rows.shape == (len(pieces), 384)
    assert told[-1][1] >= told[-1][2]
    again = read_extension(tmp_path)
    assert again[0] == pieces
    np.testing.assert_array_equal(again[1], rows)


def shop_desk_pairs() -> list[tuple[str, str]]:
    text = files("translation").joinpath("data/shop_desk.train.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return [(english, chinese) for english, chinese in rows]
