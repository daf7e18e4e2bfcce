from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FILE = Path(__file__).parents[2] / "benchmarks/kneser_ney.py"


@pytest.fixture(scope="module")
def kneser_ney() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kneser_ney", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kneser_ney"] = module
    spec.loader.exec_module(module)
    return module


def test_a_bigram_is_as_reckoned_by_hand(kneser_ney: ModuleType) -> None:
    # "a b", "a b", "a c": pairs <s>a 3, ab 2, ac 1; discounts for tiny texts: 0.5, 1, 1.5.
    # Words before a: {<s>}, b: {a}, c: {a}: each counts 1, total 3, cut 0.5 each, vocabulary 3.
    #   P(b) = (1 - 0.5) / 3 + (1.5 / 3) * (1 / 3) = 1/3
    #   P(b | a) = (2 - 1) / 3 + ((1 + 0.5) / 3) * (1/3) = 1/3 + 1/6 = 1/2
    #   P(c | a) = (1 - 0.5) / 3 + 1/6 = 1/3
    model = kneser_ney.KneserNey([["a", "b"], ["a", "b"], ["a", "c"]], order=2)

    b, c = (np.exp(row[1]) for row in model.log_probs([["a", "b"], ["a", "c"]]))

    assert b == pytest.approx(1 / 2)
    assert c == pytest.approx(1 / 3)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_the_probabilities_of_all_words_sum_to_one(kneser_ney: ModuleType, order: int) -> None:
    rng = np.random.default_rng(5)
    texts = [[str(w) for w in rng.geometric(0.3, size=9)] for _ in range(400)]
    model = kneser_ney.KneserNey(texts, order=order)

    for history in (["1", "2", "1"], ["2"], [], ["9", "1", "never", "3"]):
        rows = model.log_probs([[*history, word] for word in model.vocabulary])
        assert sum(np.exp(row[-1]) for row in rows) == pytest.approx(1.0)


def test_more_context_helps_where_words_repeat(kneser_ney: ModuleType) -> None:
    texts = [f"the cat {n} sat on mat {n}".split() for n in "abcdefgh"] * 4
    losses = [
        -np.concatenate(kneser_ney.KneserNey(texts, order=n).log_probs(texts)).mean()
        for n in (1, 2, 4)
    ]

    assert losses[0] > losses[1] > losses[2]


def test_an_unknown_word_has_no_probability_and_breaks_no_other(kneser_ney: ModuleType) -> None:
    model = kneser_ney.KneserNey([["a", "b"]], order=3)

    (row,) = model.log_probs([["a", "zebra", "b"]])

    assert np.isnan(row).tolist() == [False, True, False]


def test_discounts_follow_the_counts_of_counts(kneser_ney: ModuleType) -> None:
    counts = np.array([1] * 40 + [2] * 20 + [3] * 10 + [4] * 5)

    # Y = 40 / (40 + 2 * 20) = 1/2; D1 = 1 - 2Y 20/40, D2 = 2 - 3Y 10/20, D3 = 3 - 4Y 5/10.
    assert kneser_ney.discounts(counts) == pytest.approx([0, 0.5, 1.25, 2.0])
