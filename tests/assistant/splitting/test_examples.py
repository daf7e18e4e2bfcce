"""Splitting examples: every label in both parts, nothing lost, repeatable."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.splitting import split_examples
from assistant.training_data import EntitySpan, Example, TrainingData


def example(text: str, intent: str, *entities: str) -> Example:
    spans = tuple(EntitySpan(start=0, end=1, entity=e, value=text[:1]) for e in entities)
    return Example(text=text, intent=intent, entities=spans)


SIZES = {"greet": 10, "bye": 5, "faq/price": 4, "faq/hours": 2, "rare": 1}
DATA = TrainingData(
    examples=[example(f"{intent} {i}", intent) for intent, n in SIZES.items() for i in range(n)],
    synonyms={"nyc": "New York"},
    regexes={"zip": [r"\d+"]},
    lookups={"city": ["Oslo"]},
)


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("seed", range(5))
def test_each_intent_is_in_both_parts_and_no_example_is_lost(fraction: float, seed: int) -> None:
    parts = split_examples(DATA, fraction=fraction, seed=seed)

    train = Counter(each.intent for each in parts.train.examples)
    test = Counter(each.intent for each in parts.test.examples)
    assert train.keys() == SIZES.keys()
    assert test.keys() == SIZES.keys() - {"rare"}
    assert train + test == SIZES
    assert not {e.text for e in parts.train.examples} & {e.text for e in parts.test.examples}
    assert parts.single == ("rare",)


def test_the_share_holds_within_each_intent() -> None:
    parts = split_examples(DATA, fraction=0.8, seed=1)

    train = Counter(each.intent for each in parts.train.examples)
    assert train == {"greet": 8, "bye": 4, "faq/price": 3, "faq/hours": 1, "rare": 1}


def test_a_seed_gives_the_same_parts_again_and_another_seed_others() -> None:
    texts = [
        [each.text for each in split_examples(DATA, seed=seed).test.examples] for seed in (1, 1, 2)
    ]

    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_words_and_patterns_stay_with_the_part_to_train_on() -> None:
    parts = split_examples(DATA, seed=1)

    assert parts.train.synonyms == DATA.synonyms
    assert parts.train.lookups == DATA.lookups
    assert parts.test.regexes == {}


@pytest.mark.parametrize("seed", range(20))
def test_an_entity_with_several_examples_is_in_both_parts(seed: int) -> None:
    plain = [example(f"order {i}", "order") for i in range(10)]
    marked = [example(f"{i} order", "order", "city") for i in range(2)]

    parts = split_examples(TrainingData(examples=[*plain, *marked]), fraction=0.8, seed=seed)

    for part in (parts.train, parts.test):
        assert any(each.entities for each in part.examples)
    assert len(parts.train.examples) == 10
