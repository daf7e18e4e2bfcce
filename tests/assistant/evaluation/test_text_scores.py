from __future__ import annotations

import pytest

from assistant.evaluation.text_scores import distinct, score, sentence_chrf


def test_equal_texts_score_a_hundred_and_carry_signatures() -> None:
    found = score(["the cat sat on the mat"], ["the cat sat on the mat"], "en")

    assert found.bleu == pytest.approx(100)
    assert found.chrf == pytest.approx(100)
    assert "tok:13a" in found.bleu_signature
    assert "version:" in found.chrf_signature


def test_bleu_is_that_of_the_command_line_tool() -> None:
    """``sacrebleu ref.txt -i hyp.txt -m bleu chrf -w 4`` of version 2.6.0 gives these numbers."""
    texts = ["The dog bit the man.", "It was not unexpected.", "The man bit him first."]
    references = ["The dog bit the man.", "It was not unforeseen.", "The man had bitten the dog."]

    found = score(texts, references, "en")

    assert found.bleu == pytest.approx(49.2572, abs=1e-4)
    assert found.chrf == pytest.approx(53.9854, abs=1e-4)


def test_chinese_is_counted_by_character() -> None:
    found = score(["我的订单在哪里"], ["我的订单在哪儿"], "zh")

    assert "tok:zh" in found.bleu_signature
    assert 50 < found.bleu < 100


def test_distinct_counts_different_n_grams() -> None:
    assert distinct(["a b a b", "a c"], 1, "en") == pytest.approx(3 / 6)
    assert distinct(["a b a b", "a c"], 2, "en") == pytest.approx(3 / 4)
    assert distinct(["好好"], 1, "zh") == pytest.approx(1 / 2)
    assert distinct([], 2, "en") == 0.0


def test_a_sentence_has_its_own_chrf() -> None:
    assert sentence_chrf("hello", "hello") == pytest.approx(100)
    assert sentence_chrf("hello", "zzz") == pytest.approx(0)
