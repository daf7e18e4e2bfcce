"""Test the understanding of a bot: on held-out examples, or by cross-validation."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant import registry
from assistant.bot import Bot
from assistant.component import Engine, Tools, Understanding
from assistant.errors import DataError
from assistant.fallback import FALLBACK
from assistant.messages import Intent, Turn
from assistant.models import Reading
from assistant.training_data import Example

from .classification import NOTHING, Pair, averages, classification_report
from .confusion_picture import confusion_picture
from .entity_labels import span_pairs, token_pairs
from .suite import Suite

FEELINGS = ("negative", "neutral", "positive")
BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadExample:
    """A gold example and what was understood of its text; ``fold`` counts from 0."""

    example: Example
    turn: Turn
    fold: int = 0

    @property
    def guess(self) -> Intent:
        """The best intent, the fallback's mark aside (as Rasa's test undoes it)."""
        real = [guess for guess in self.turn.intents if guess.name != FALLBACK]
        return real[0] if real else Intent(name="none", confidence=0.0)

    @property
    def response(self) -> str:
        """The best full key of the example's retrieval intent."""
        ranked = self.turn.retrieval.get(self.example.base_intent, ())
        return ranked[0].name if ranked else "none"


def cross_validate(
    bot: Bot, *, folds: int = 5, seed: int = 1, engine: Engine = "int8", tools: Tools | None = None
) -> Suite:
    """Train on all folds but one, read that one, and go round.

    The folds are stratified by intent. What one example's text also says under the same intent
    elsewhere is counted once, so that no test example stands in its own training.

    Raises:
        DataError: There are too few examples.
        ModelError: A model that the training needs is missing or damaged.
    """
    tools = tools or Tools()
    examples = _unique(bot.data.examples)
    parts = split(examples, folds, seed)
    read: list[ReadExample] = []
    for fold, held_out in enumerate(parts):
        tools.tick("cross-validation", fold, len(parts))
        training = [each for i, part in enumerate(parts) if i != fold for each in part]
        turns = _train_and_read(bot, training, held_out, engine, tools)
        pairs = zip(held_out, turns, strict=True)
        read += [ReadExample(example=each, turn=turn, fold=fold) for each, turn in pairs]
    tools.tick("cross-validation", len(parts), len(parts))
    suite = nlu_suite(read)
    by_fold = [
        averages(classification_report(_intents([r for r in read if r.fold == fold])))["f1"]
        for fold in range(len(parts))
    ]
    suite.notes.append(
        f"{len(read)} examples in {len(parts)} folds, seed {seed}; intent F1 of each fold: "
        + ", ".join(f"{f1:.3f}" for f1 in by_fold)
    )
    rare = sorted(name for name, n in _sizes(examples).items() if n < len(parts))
    if rare:
        suite.notes.append(f"Fewer examples than folds: {', '.join(rare)}.")
    return suite


def read_held_out(
    bot: Bot,
    held_out: Sequence[Example],
    reading: Reading | None,
    *,
    engine: Engine = "int8",
    tools: Tools | None = None,
) -> Suite:
    """Read examples that were set aside.

    Args:
        bot: The bot.
        held_out: Its test examples.
        reading: The trained bot's; ``None`` trains one on the bot's own examples.
        engine: How the models' numbers are held.
        tools: Told how it goes.

    Raises:
        DataError: There are no examples.
    """
    if not held_out:
        raise DataError("The file of test examples holds no examples under nlu:.")
    if reading is None:
        turns = _train_and_read(bot, bot.data.examples, held_out, engine, tools or Tools())
    else:
        turns = list(_read(replace(reading, fallback=None), held_out))
    read = [ReadExample(example=e, turn=t) for e, t in zip(held_out, turns, strict=True)]
    suite = nlu_suite(read)
    known = {each.text.casefold() for each in bot.data.examples}
    seen = sum(each.text.casefold() in known for each in held_out)
    suite.notes.append(f"{len(read)} held-out examples.")
    if seen:
        suite.notes.append(f"{seen} of them also stand in the training files.")
    return suite


def split(examples: Sequence[Example], folds: int, seed: int) -> list[list[Example]]:
    """Divide examples into folds, each intent spread evenly.

    Raises:
        DataError: There are fewer than two folds, or no intent has two examples.
    """
    from sklearn.model_selection import StratifiedKFold

    sizes = _sizes(examples)
    folds = min(folds, max(sizes.values(), default=0))
    if folds < 2:
        raise DataError(
            "Cross-validation needs two folds and an intent with two examples. "
            "Give a file of test examples: --nlu FILE"
        )
    labels = [each.intent for each in examples]
    dealer = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        places = [test for _, test in dealer.split(labels, labels)]
    return [[examples[i] for i in part] for part in places]


def nlu_suite(read: Sequence[ReadExample]) -> Suite:
    """Turn what was read into reports, error lists and pictures."""
    suite = Suite(name="nlu")
    _report_intents(suite, read)
    _report_entities(suite, read)
    _report_sentiment(suite, [r for r in read if r.example.metadata.get("sentiment") in FEELINGS])
    return suite


def _sizes(examples: Sequence[Example]) -> Counter[str]:
    return Counter(each.intent for each in examples)


def _unique(examples: Sequence[Example]) -> list[Example]:
    return list({(each.text.casefold(), each.intent): each for each in examples}.values())


def _train_and_read(
    bot: Bot, training: Sequence[Example], test: Sequence[Example], engine: Engine, tools: Tools
) -> list[Turn]:
    part = registry.understanding()
    translator = tools.translator
    if translator is None and len(bot.languages) > 1:
        translator = registry.translator().load(bot.config.translation.base, engine=engine)
    reduced = replace(bot, data=replace(bot.data, examples=list(training)))
    with tempfile.TemporaryDirectory(prefix="trilogue-test-") as folder:
        part.train(reduced, Path(folder), replace(tools, translator=translator))
        understanding: Understanding = part.load(Path(folder), engine=engine)
        reading = Reading(
            understanding=understanding, languages=bot.languages, translator=translator
        )
        return list(_read(reading, test))


def _read(reading: Reading, examples: Sequence[Example]) -> Iterator[Turn]:
    for start in range(0, len(examples), BATCH):
        yield from reading.process([each.text for each in examples[start : start + BATCH]])


def _intents(read: Sequence[ReadExample]) -> list[Pair]:
    return [(r.example.base_intent, r.guess.name) for r in read]


def _report_intents(suite: Suite, read: Sequence[ReadExample]) -> None:
    pairs = _intents(read)
    report = classification_report(pairs)
    suite.reports["intent_report.json"] = report
    suite.reports["intent_errors.json"] = [
        {
            "text": r.example.text,
            "intent": r.example.base_intent,
            "intent_prediction": asdict(r.guess),
            "where": r.example.where,
        }
        for r in read
        if r.guess.name != r.example.base_intent
    ]
    suite.pictures["intent_confusion_matrix.png"] = confusion_picture(pairs, "Intents")
    suite.numbers |= averages(report)
    retrieved = [r for r in read if "/" in r.example.intent]
    if retrieved:
        answers = classification_report([(r.example.intent, r.response) for r in retrieved])
        suite.reports["response_selection_report.json"] = answers
        suite.numbers["response_accuracy"] = answers["accuracy"]
        suite.numbers["response_f1"] = answers["weighted avg"]["f1-score"]


def _report_entities(suite: Suite, read: Sequence[ReadExample]) -> None:
    tokens: list[Pair] = []
    spans: list[Pair] = []
    errors: list[dict[str, Any]] = []
    for r in read:
        here = span_pairs(r.example.entities, r.turn.entities)
        tokens += token_pairs(r.example.text, r.example.entities, r.turn.entities)
        spans += here
        if any(a != b for a, b in here):
            errors.append(
                {
                    "text": r.example.text,
                    "entities": [asdict(span) for span in r.example.entities],
                    "predicted_entities": [asdict(entity) for entity in r.turn.entities],
                    "where": r.example.where,
                }
            )
    report = classification_report(tokens, nothing=NOTHING)
    if not report:
        suite.notes.append("No entities are marked and none were found.")
        return
    by_span = classification_report(spans, nothing=NOTHING)
    suite.reports |= {
        "entity_report.json": report,
        "entity_span_report.json": by_span,
        "entity_errors.json": errors,
    }
    suite.pictures["entity_confusion_matrix.png"] = confusion_picture(tokens, "Entities, by token")
    suite.numbers |= averages(report, "entity_")
    for short, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
        suite.numbers[f"entity_span_{short}"] = by_span["micro avg"][name]


def _report_sentiment(suite: Suite, read: Sequence[ReadExample]) -> None:
    if not read:
        return
    guesses = [r.turn.sentiment.label if r.turn.sentiment else "none" for r in read]
    golds = [str(r.example.metadata["sentiment"]) for r in read]
    report = classification_report(list(zip(golds, guesses, strict=True)))
    suite.reports["sentiment_report.json"] = report
    suite.reports["sentiment_errors.json"] = [
        {"text": r.example.text, "sentiment": gold, "sentiment_prediction": guess}
        for r, gold, guess in zip(read, golds, guesses, strict=True)
        if gold != guess
    ]
    suite.numbers["sentiment_accuracy"] = report["accuracy"]
    suite.numbers["sentiment_recall"] = report["macro avg"]["recall"]
    suite.numbers["sentiment_f1"] = report["macro avg"]["f1-score"]
