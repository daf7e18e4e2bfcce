from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.messages import Utterance
from generation.dialogue_score import perplexity, score_words, words_of
from generation.engine import Limits, OnToken
from generation.gpt2_folder import open_tokenizer

TALK = [Utterance("user", "Hello, where's my order 48213?"), Utterance("bot", "It's here: look!")]


class UniformEngine:
    """Gives every token the same probability, 1 in 100, and keeps what it was asked."""

    bytes = 0

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def decode(self, prompts: Sequence[Sequence[int]], limits: Limits, on_token: OnToken) -> None:
        raise NotImplementedError

    def score(self, sequences: Sequence[Sequence[int]]) -> list[list[float]]:
        self.asked += [list(sequence) for sequence in sequences]
        return [[-math.log(100)] * (len(sequence) - 1) for sequence in sequences]


def test_words_are_those_of_gpt2(tiny_gpt2: Path) -> None:
    tokenizer = open_tokenizer(tiny_gpt2)

    assert words_of(tokenizer, TALK[0].text) == [
        "Hello", ",", "where", "'s", "my", "order", "48213", "?"
    ]  # fmt: skip


def test_every_word_is_scored_once_whatever_the_window(tiny_gpt2: Path) -> None:
    tokenizer = open_tokenizer(tiny_gpt2)
    talk = TALK * 20
    expected = [word for turn in talk for word in words_of(tokenizer, turn.text)]
    engine = UniformEngine()

    (row,) = score_words(engine, tokenizer, [talk], context=64)

    assert [score.word for score in row] == expected
    assert all(s.log_prob == pytest.approx(-s.tokens * math.log(100)) for s in row)
    assert max(map(len, engine.asked)) == 64
    assert perplexity(row).per_token == pytest.approx(100)
    assert perplexity(row).per_word > 100


def test_perplexity_of_nothing_is_no_number() -> None:
    assert math.isnan(perplexity([]).per_word)
