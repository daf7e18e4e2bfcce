"""Split NLU examples so that every intent and every entity is in both parts."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.training_data import Example, TrainingData

EntityKey = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Two parts of the same data.

    Attributes:
        train: With the synonyms, regexes and lookups, which belong to what a bot knows.
        test: Only examples.
        single: Intents with one example, which is in ``train``.
    """

    train: TrainingData
    test: TrainingData
    single: tuple[str, ...]


def split_examples(data: TrainingData, *, fraction: float = 0.8, seed: int | None = None) -> Split:
    """Split by intent (the full name of a retrieval intent), then even out entities.

    Args:
        data: Each intent's examples are divided on their own.
        fraction: Share of each intent that goes to ``train``, between 0 and 1, both excluded.
        seed: The same seed gives the same parts.
    """
    chance = random.Random(seed)
    by_intent: dict[str, list[int]] = defaultdict(list)
    for i, example in enumerate(data.examples):
        by_intent[example.intent].append(i)
    in_train: set[int] = set()
    for places in by_intent.values():
        many = round(len(places) * fraction)
        many = max(1, min(many, len(places) - 1))
        in_train.update(chance.sample(places, many))
    _spread_entities(data.examples, in_train, by_intent)
    train = [each for i, each in enumerate(data.examples) if i in in_train]
    test = [each for i, each in enumerate(data.examples) if i not in in_train]
    return Split(
        train=TrainingData(
            examples=train, synonyms=data.synonyms, regexes=data.regexes, lookups=data.lookups
        ),
        test=TrainingData(examples=test, synonyms=_implied(test)),
        single=tuple(intent for intent, places in by_intent.items() if len(places) == 1),
    )


def _implied(examples: Iterable[Example]) -> dict[str, str]:
    """The synonyms that marks with another value make."""
    return {
        each.text[span.start : span.end].lower(): span.value
        for each in examples
        for span in each.entities
        if span.value != each.text[span.start : span.end]
    }


def _keys(example: Example) -> set[EntityKey]:
    return {(span.entity, span.role, span.group) for span in example.entities}


def _spread_entities(
    examples: list[Example], in_train: set[int], by_intent: dict[str, list[int]]
) -> None:
    """Change places of two examples of an intent where an entity is in one part only."""
    counts = [Counter[EntityKey](), Counter[EntityKey]()]
    for i, example in enumerate(examples):
        counts[i in in_train].update(_keys(example))
    for key in sorted(counts[0].keys() | counts[1].keys(), key=str):
        for lacking in (False, True):
            if counts[lacking][key] == 0 and counts[not lacking][key] > 1:
                _swap(examples, in_train, by_intent, key, counts, lacking=lacking)


def _swap(
    examples: list[Example],
    in_train: set[int],
    by_intent: dict[str, list[int]],
    key: EntityKey,
    counts: list[Counter[EntityKey]],
    *,
    lacking: bool,
) -> None:
    """Bring one example with ``key`` into the lacking part, for one that is not missed there."""
    for i, example in enumerate(examples):
        if (i in in_train) == lacking or key not in _keys(example):
            continue
        for j in by_intent[example.intent]:
            if (j in in_train) != lacking:
                continue
            if all(counts[lacking][other] > 1 for other in _keys(examples[j])):
                in_train.symmetric_difference_update({i, j})
                for moved, to in ((example, lacking), (examples[j], not lacking)):
                    counts[to].update(_keys(moved))
                    counts[not to].subtract(_keys(moved))
                return
