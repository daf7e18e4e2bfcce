"""Report on what was understood of gold examples, in the files that Rasa writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.fallback import FALLBACK
from assistant.messages import Intent, Turn
from assistant.training_data import Example

from .classification import NOTHING, Pair, averages, classification_report
from .confidence_picture import confidence_picture
from .confusion_picture import confusion_picture
from .entity_labels import span_pairs, token_pairs
from .suite import Kept, Suite

FEELINGS = ("negative", "neutral", "positive")
_NO_GUESS = Intent(name="none", confidence=0.0)


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
        return real[0] if real else _NO_GUESS

    @property
    def response(self) -> Intent:
        """The best full key of the example's retrieval intent."""
        ranked = self.turn.retrieval.get(self.example.base_intent, ())
        return ranked[0] if ranked else _NO_GUESS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """One text with one label that was expected and one that was guessed."""

    text: str
    expected: str
    guess: Intent
    where: str

    @property
    def right(self) -> bool:
        return self.guess.name == self.expected

    def entry(self, name: str) -> dict[str, Any]:
        """What stands of it in a file of errors or successes."""
        return {
            "text": self.text,
            name: self.expected,
            f"{name}_prediction": asdict(self.guess),
            "where": self.where,
        }


def understanding_suite(read: Sequence[ReadExample], kept: Kept) -> Suite:
    """Turn what was read into reports, lists of errors and pictures."""
    suite = Suite(name="nlu")
    intents = [
        _Judged(text=r.example.text, expected=r.example.base_intent, guess=r.guess,
                where=r.example.where)
        for r in read
    ]  # fmt: skip
    suite.numbers |= averages(_report_labels(suite, intents, "intent", "Intents", kept))
    answers = [
        _Judged(text=r.example.text, expected=r.example.intent, guess=r.response,
                where=r.example.where)
        for r in read if "/" in r.example.intent
    ]  # fmt: skip
    if answers:
        report = _report_labels(suite, answers, "response_selection", "FAQ answers", kept)
        suite.numbers["response_accuracy"] = report["accuracy"]
        suite.numbers["response_f1"] = report["weighted avg"]["f1-score"]
    _report_entities(suite, read, kept)
    _report_sentiment(suite, [r for r in read if r.example.metadata.get("sentiment") in FEELINGS])
    return suite


def intents_of(read: Sequence[ReadExample]) -> list[Pair]:
    """(expected, understood) intents."""
    return [(r.example.base_intent, r.guess.name) for r in read]


def _report_labels(
    suite: Suite, judged: Sequence[_Judged], name: str, title: str, kept: Kept
) -> dict[str, Any]:
    """Write report, errors, successes, confusion matrix and histogram of one kind of label."""
    pairs = [(each.expected, each.guess.name) for each in judged]
    report = classification_report(pairs)
    key = "intent_response_key" if name == "response_selection" else name
    suite.reports[f"{name}_report.json"] = report
    if kept.errors:
        wrong = [each.entry(key) for each in judged if not each.right]
        suite.reports[f"{name}_errors.json"] = wrong
    if kept.successes:
        right = [each.entry(key) for each in judged if each.right]
        suite.reports[f"{name}_successes.json"] = right
    if kept.pictures:
        suite.pictures[f"{name}_confusion_matrix.png"] = confusion_picture(pairs, title)
        suite.pictures[f"{name}_histogram.png"] = confidence_picture(
            [each.guess.confidence for each in judged if each.right],
            [each.guess.confidence for each in judged if not each.right],
            f"{title}: how sure",
        )
    return report


def _report_entities(suite: Suite, read: Sequence[ReadExample], kept: Kept) -> None:
    tokens: list[Pair] = []
    spans: list[Pair] = []
    lists: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for r in read:
        here = span_pairs(r.example.entities, r.turn.entities)
        tokens += token_pairs(r.example.text, r.example.entities, r.turn.entities)
        spans += here
        if here:
            lists[all(a == b for a, b in here)].append(_entities_entry(r))
    report = classification_report(tokens, nothing=NOTHING)
    if not report:
        suite.notes.append("No entities are marked and none were found.")
        return
    by_span = classification_report(spans, nothing=NOTHING)
    suite.reports |= {"entity_report.json": report, "entity_span_report.json": by_span}
    if kept.errors:
        suite.reports["entity_errors.json"] = lists[False]
    if kept.successes:
        suite.reports["entity_successes.json"] = lists[True]
    if kept.pictures:
        suite.pictures["entity_confusion_matrix.png"] = confusion_picture(
            tokens, "Entities, by token"
        )
    suite.numbers |= averages(report, "entity_")
    for short, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
        suite.numbers[f"entity_span_{short}"] = by_span["micro avg"][name]


def _entities_entry(read: ReadExample) -> dict[str, Any]:
    return {
        "text": read.example.text,
        "entities": [asdict(span) for span in read.example.entities],
        "predicted_entities": [asdict(entity) for entity in read.turn.entities],
        "where": read.example.where,
    }


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
