"""Cross-validation of a bot's understanding: what was understood, and how often rightly."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.bot import Bot
from assistant.component import Engine, Tools
from assistant.messages import Turn
from assistant.parse_result import full_intent
from assistant.training_data import Example

from .encoder import reads_as_it_is
from .loading import load
from .pivots import pivot_texts
from .settings import read_settings
from .shared_encoder import shared_encoder
from .training import train


@dataclass(frozen=True, slots=True)
class Judged:
    """A held-out example and what a model that had not seen it understood."""

    example: Example
    turn: Turn

    @property
    def intent(self) -> str:
        """The predicted intent, with its key where it is a retrieval intent."""
        name = self.turn.intent.name if self.turn.intent else ""
        return full_intent(self.turn) or name


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """F1 in [0, 1].

    Attributes:
        intents: Weighted by support, over the intents without retrieval keys.
        keys: The same over the full names, e.g. ``faq/warranty``.
        entities: Micro-averaged over exact spans with the right type, role and group.
    """

    intents: float
    keys: float
    entities: float


def cross_validate(
    bot: Bot, folds: int = 5, *, tools: Tools | None = None, engine: Engine = "int8", seed: int = 7
) -> list[Judged]:
    """Train on all folds but one and read that one, for each fold.

    Folds are stratified by full intent name as far as there are enough examples of each.

    Args:
        bot: Its examples.
        folds: At least two.
        tools: Its translator gives the pivots, as in serving.
        engine: That reads the held-out examples.
        seed: Of the folds.
    """
    tools = tools or Tools()
    examples = [each for each in bot.data.examples if each.text.strip()]
    encoder, _ = shared_encoder(read_settings(bot.config.nlu).encoder)
    pivots = pivot_texts(
        [each.text for each in examples],
        bot.languages,
        tools.translator,
        reads_as_it_is=reads_as_it_is(encoder),
    )
    judged: dict[int, Judged] = {}
    for number, held_out in enumerate(_folds(examples, folds, seed)):
        known = [each for i, each in enumerate(examples) if i not in held_out]
        part = replace(bot, data=replace(bot.data, examples=known))
        with tempfile.TemporaryDirectory() as name:
            train(part, Path(name), tools)
            reader = load(Path(name), engine=engine)
        rows = sorted(held_out)
        turns = [
            Turn(text=examples[i].text, language=bot.config.language, pivot=pivots[i]) for i in rows
        ]
        for i, turn in zip(rows, reader.process(turns), strict=True):
            judged[i] = Judged(examples[i], turn)
        tools.tick("folds", number + 1, folds)
    return [judged[i] for i in sorted(judged)]


def _folds(examples: Sequence[Example], folds: int, seed: int) -> list[set[int]]:
    """Deal the examples of each intent out in turn, in random order."""
    import random

    rng = random.Random(seed)
    by_intent: dict[str, list[int]] = {}
    for i, each in enumerate(examples):
        by_intent.setdefault(each.intent, []).append(i)
    dealt: list[set[int]] = [set() for _ in range(folds)]
    place = 0
    for members in by_intent.values():
        rng.shuffle(members)
        for i in members:
            dealt[place % folds].add(i)
            place += 1
    return dealt


def score(judged: Sequence[Judged]) -> Scores:
    """Return the F1 scores of a cross-validation."""
    from sklearn.metrics import f1_score

    gold = [each.example.base_intent for each in judged]
    told = [each.turn.intent.name if each.turn.intent else "" for each in judged]
    full = [each.example.intent for each in judged]
    found = [each.intent for each in judged]
    return Scores(
        intents=float(f1_score(gold, told, average="weighted", zero_division=0)),
        keys=float(f1_score(full, found, average="weighted", zero_division=0)),
        entities=entity_f1(judged),
    )


def entity_f1(judged: Sequence[Judged]) -> float:
    """Micro F1 over exact spans; 1.0 where there is nothing to find and nothing is found."""
    right = asked = answered = 0
    for each in judged:
        gold = {(s.start, s.end, s.entity, s.role, s.group) for s in each.example.entities}
        told = {(e.start, e.end, e.entity, e.role, e.group) for e in each.turn.entities}
        right += len(gold & told)
        asked += len(gold)
        answered += len(told)
    return 2 * right / (asked + answered) if asked + answered else 1.0
