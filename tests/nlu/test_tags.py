from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from assistant.training_data import EntitySpan
from nlu.tagger import Tagger
from nlu.tags import Kind, Span, spans_of, tag_names, tags_of, valid_transitions
from nlu.words import split_words

CITY, TO = Kind("city"), Kind("city", role="to")


def span(text: str, surface: str, entity: str = "city", role: str | None = None) -> EntitySpan:
    start = text.index(surface)
    return EntitySpan(
        start=start, end=start + len(surface), entity=entity, value=surface, role=role
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("order12345 for $20", ["order", "12345", "for", "$", "20"], id="digits"),
        pytest.param("我在New York", ["我", "在", "New", "York"], id="Han"),
        pytest.param("jo@x.com", ["jo", "@", "x", ".", "com"], id="e-mail"),
        pytest.param("naïve Straße", ["naïve", "Straße"], id="accents"),
        pytest.param("  ", [], id="blank"),
    ],
)
def test_words_are_runs_of_one_kind(text: str, words: list[str]) -> None:
    found = split_words(text)

    assert [word.text for word in found] == words
    assert all(text[word.start : word.end] == word.text for word in found)


def test_tags_bring_the_spans_back() -> None:
    text = "from New York to Oslo"
    spans = [span(text, "New York"), span(text, "Oslo", role="to")]
    names, words = tag_names(spans), split_words(text)

    tags = tags_of(words, spans, names)

    assert spans_of(tags, names) == [Span(CITY, 1, 2), Span(TO, 4, 4)]


def test_neighbouring_spans_of_one_kind_stay_apart() -> None:
    text = "Oslo Rome"
    spans = [span(text, "Oslo"), span(text, "Rome")]
    names = tag_names(spans)

    assert len(spans_of(tags_of(split_words(text), spans, names), names)) == 2


@pytest.mark.parametrize("seed", range(20))
def test_decoded_tags_are_always_valid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ("O", f"B-{CITY}", f"I-{CITY}", f"B-{TO}", f"I-{TO}")
    noise = rng.normal(size=(5, 5)).astype(np.float32) * 5
    tensors = {
        "tagger.sparse": np.zeros((4, 5), np.float32),
        "tagger.dense": np.zeros((2, 5), np.float32),
        "tagger.start": noise[0],
        "tagger.follow": noise,
    }
    tagger = Tagger.of(names, tensors)
    may_start, may_follow = valid_transitions(names)

    tags, chances = tagger.decode(rng.normal(size=(9, 5)).astype(np.float32) * 5)

    assert may_start[tags[0]]
    assert all(may_follow[a, b] for a, b in pairwise(tags))
    assert np.allclose(chances.sum(axis=1), 1.0, atol=1e-4)


def test_the_best_tags_are_those_of_a_search_over_all() -> None:

    rng = np.random.default_rng(0)
    names = ("O", f"B-{CITY}", f"I-{CITY}")
    start, follow = rng.normal(size=3), rng.normal(size=(3, 3))
    tensors = {
        "tagger.sparse": np.zeros((1, 3)),
        "tagger.dense": np.zeros((1, 3)),
        "tagger.start": start,
        "tagger.follow": follow,
    }
    tagger = Tagger.of(names, tensors)
    scores = rng.normal(size=(5, 3)).astype(np.float32)

    def total(tags: tuple[int, ...]) -> float:
        moves = sum(tagger.follow[a, b] for a, b in pairwise(tags))
        own = sum(scores[i, tag] for i, tag in enumerate(tags))
        return float(tagger.start[tags[0]] + moves + own)

    tags, _ = tagger.decode(scores)

    assert tuple(tags) == max(product(range(3), repeat=5), key=total)
