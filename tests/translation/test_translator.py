"""The translator around any model: lines, blanks, spans, batches, and models gone wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import sentencepiece

from assistant.errors import UnknownNameError
from translation.marian_folder import MarianFolder, read_marian_folder
from translation.orthography import finish
from translation.translator import Direction, MarianTranslator, is_looping
from translation.vocabulary import train_vocabulary

SENTENCES = (
    "Where is my order? I want to return it to Boston, Tom said to Mary in Japan.",
    "我的订单在哪里？我想退货，汤姆对玛丽说，波士顿和日本。你好！谢谢。",
    "Thank you 37 58 46, London Paris Canada Germany France Australia John Jack Mike.",
    "澳大利亚 德国 法国 伦敦 巴黎 加拿大 约翰 杰克 迈克 0123456789",
)


class ScriptedDecoder:
    """Answers by rule and notes what it was asked."""

    bytes = 0

    def __init__(self, way: str) -> None:
        self.way = way
        self.batches: list[list[list[str]]] = []

    def decode(
        self, sources: Sequence[Sequence[str]], *, most: int, no_repeat: int = 0
    ) -> list[list[str]]:
        self.batches.append([list(source) for source in sources])
        return [self._answer(list(source[1:-1]), most, no_repeat) for source in sources]

    def _answer(self, pieces: list[str], most: int, no_repeat: int) -> list[str]:
        if self.way == "echo":
            return pieces
        if self.way == "stuck":
            return ["▁a"] if no_repeat else ["▁a"] * most
        return {"mute": [], "numbers": ["▁", "3", "7", "3", "7"]}[self.way]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> MarianFolder:
    path = tmp_path_factory.mktemp("marian")
    train_vocabulary(SENTENCES * 20, path, size=100)
    (path / "config.json").write_text('{"model_type": "marian", "max_position_embeddings": 256}')
    return read_marian_folder(path)


def translator(folder: MarianFolder, way: str = "echo") -> tuple[MarianTranslator, ScriptedDecoder]:
    decoder = ScriptedDecoder(way)
    direction = Direction(folder=folder, decoder=decoder)
    return MarianTranslator(dict.fromkeys(folder.pairs, direction)), decoder


def test_the_language_tokens_say_what_is_served(folder: MarianFolder) -> None:
    assert folder.pairs == {("zh", "en"), ("en", "zh")}
    assert folder.encode("Tom", "zh")[0] == ">>zh<<"


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\t \n\n ", "A1042", "😊", "?!", "https://x.com/a"]
)
def test_what_has_no_words_comes_back_unchanged(folder: MarianFolder, text: str) -> None:
    model, decoder = translator(folder, "mute")

    assert model.translate([text], source="en", target="en") == [text]
    assert model.translate([text], source="zh", target="en") == [text]
    assert all(batch == [] for batch in decoder.batches)


def test_line_breaks_and_the_order_of_texts_stay(folder: MarianFolder) -> None:
    model, _ = translator(folder)

    assert model.translate(["Tom.\n\n  Mary.\r\nJohn", "Japan"], source="zh", target="en") == [
        "Tom.\n\n  Mary.\r\nJohn",
        "Japan",
    ]


@pytest.mark.parametrize("way", ["echo", "mute", "numbers", "stuck"])
@pytest.mark.parametrize(("source", "target"), [("zh", "en"), ("en", "zh")])
@pytest.mark.parametrize(
    "text",
    [
        "Tom said A1042 and A1042.",
        "A1042 在哪里",
        "我的订单A1042在哪里？bob@x.com",
        "bob@x.com Tom https://shop.com/a?b=1",
        "红色长裙XL和红色长裙",
        "12345",
        "$59.99, $59.99!",
    ],
)
def test_spans_survive_any_model(
    folder: MarianFolder, way: str, source: str, target: str, text: str
) -> None:
    model, _ = translator(folder, way)
    keep = ["红色长裙", "红色长裙XL"]
    expected = [each for each in (*keep, "A1042", "bob@x.com", "12345", "$59.99") if each in text]
    expected += ["https://shop.com/a?b=1"] * ("https" in text)

    (answer,) = model.translate([text], source=source, target=target, keep=keep)

    assert expected
    for each in expected:
        assert answer.count(each) == text.count(each), answer


def test_spans_that_a_model_loses_follow_in_brackets(folder: MarianFolder) -> None:
    lost, _ = translator(folder, "stuck")

    assert lost.translate(["Tom A1042, ¥5."], source="en", target="zh") == ["a（A1042、¥5）"]


def test_a_model_that_is_stuck_is_asked_again_without_repetition(folder: MarianFolder) -> None:
    model, decoder = translator(folder, "stuck")

    assert model.translate(["Tom said"], source="zh", target="en") == ["A"]
    assert len(decoder.batches) == 2


@pytest.mark.parametrize(
    ("pieces", "stuck"),
    [("aaaa", True), ("xabababab", True), ("aaa", False), ("abcabcab", False), ("", False)],
)
def test_four_times_the_same_is_stuck(pieces: str, stuck: bool) -> None:
    assert is_looping(list(pieces)) is stuck


def test_batches_hold_one_length_only_and_known_sentences_are_not_asked_again(
    folder: MarianFolder,
) -> None:
    model, decoder = translator(folder)
    texts = ["Tom", "Mary said", "Tom", "I want to return it", "Japan"]

    first = model.translate(texts, source="en", target="zh")
    asked = len(decoder.batches)

    assert all(len({len(row) for row in batch}) <= 1 for batch in decoder.batches)
    assert model.translate(texts, source="en", target="zh") == first
    assert len(decoder.batches) == asked


def test_traditional_characters_are_simplified_for_the_model(folder: MarianFolder) -> None:
    model, _ = translator(folder)

    assert "订单" in model.translate(["我的訂單在哪裡"], source="zh", target="en")[0]


def test_a_text_without_end_is_cut(folder: MarianFolder) -> None:
    model, decoder = translator(folder)

    (answer,) = model.translate(["我的订单" * 3000], source="zh", target="en")

    assert "订单" in answer
    assert max(len(row) for batch in decoder.batches for row in batch) <= 256


def test_an_unknown_pair_is_answered_with_the_known_ones(folder: MarianFolder) -> None:
    model, _ = translator(folder)

    with pytest.raises(UnknownNameError, match="fr to en"):
        model.translate(["bonjour"], source="fr", target="en")


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("你好, 汤姆. 你在 哪里?", "zh", "你好，汤姆。你在哪里？"),
        ("价格是 3.5 , 对吗?", "zh", "价格是3.5，对吗？"),
        ("订单 A1042 在 APP 里.", "zh", "订单A1042在APP里。"),
        ("hello , tom . i am here", "en", "Hello, tom. I am here"),
        ("“no” he said。", "en", '"No" he said.'),
        ("well... ok", "en", "Well... ok"),
    ],
)
def test_output_is_written_as_its_language_is(raw: str, language: str, expected: str) -> None:
    assert finish(raw, language) == expected


def test_the_vocabulary_reads_what_it_writes(folder: MarianFolder) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder.folder / "source.spm"))

    assert folder.decode(pieces.encode("Where is my order?", out_type=str)) == "Where is my order?"
    assert Path(folder.folder / "vocab.json").exists()
