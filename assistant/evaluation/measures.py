"""What the measured numbers are called in front of people, and in which order they stand."""

from __future__ import annotations

from collections.abc import Iterable

from .suite import Suite

MEASURES: dict[str, str] = {
    "accuracy": "Intent accuracy",
    "f1": "Intent F1 (weighted)",
    "precision": "Intent precision (weighted)",
    "recall": "Intent recall (weighted)",
    "f1_macro": "Intent F1 (macro)",
    "f1_micro": "Intent F1 (micro)",
    "entity_f1": "Entity F1 by token (weighted)",
    "entity_precision": "Entity precision by token (weighted)",
    "entity_recall": "Entity recall by token (weighted)",
    "entity_f1_macro": "Entity F1 by token (macro)",
    "entity_f1_micro": "Entity F1 by token (micro)",
    "entity_accuracy": "Tokens labelled right",
    "entity_span_f1": "Entity F1 by span (micro)",
    "entity_span_precision": "Entity precision by span (micro)",
    "entity_span_recall": "Entity recall by span (micro)",
    "response_accuracy": "FAQ answer accuracy",
    "response_f1": "FAQ answer F1 (weighted)",
    "sentiment_recall": "Sentiment recall (macro)",
    "sentiment_accuracy": "Sentiment accuracy",
    "sentiment_f1": "Sentiment F1 (macro)",
    "success": "Conversations passed",
    "action_accuracy": "Actions predicted right",
    "bleu": "BLEU, worse direction",
    "chrf": "chrF, worse direction",
    "generation_bleu": "BLEU of generated replies",
    "generation_chrf": "chrF of generated replies",
    "distinct_1": "Distinct words",
    "distinct_2": "Distinct word pairs",
    "confidence": "Mean confidence of replies",
    "templates": "Answered by a template instead",
}
HEADLINES = (
    "f1", "entity_f1", "response_accuracy", "sentiment_recall", "success", "bleu",
    "generation_chrf",
)  # fmt: skip


def title_of(name: str) -> str:
    """The title of a measure; ``bleu_en_zh`` becomes ``BLEU en → zh``."""
    if name in MEASURES:
        return MEASURES[name]
    kind, *tags = name.split("_")
    if kind == "f1":
        return f"Intent F1 (weighted), {'_'.join(tags)}"
    shown = {"bleu": "BLEU", "chrf": "chrF", "success": "Conversations passed,"}.get(kind, kind)
    return f"{shown} {' → '.join(tags)}"


def shown(name: str, value: float) -> str:
    """A number as people read it: BLEU and chrF with one decimal, shares in percent."""
    return f"{value:.1f}" if "bleu" in name or "chrf" in name else f"{100 * value:.1f} %"


def ordered(numbers: Iterable[str]) -> list[str]:
    """The names of numbers in the order in which people read them."""
    order = {name: i for i, name in enumerate(MEASURES)}
    return sorted(numbers, key=lambda name: order.get(name, len(order)))


def lines_of(suite: Suite) -> list[str]:
    """A suite's numbers, one per line."""
    return [
        f"{title_of(name):<38} {shown(name, suite.numbers[name]):>8}"
        for name in ordered(suite.numbers)
    ]


def suite_of(name: str) -> str:
    """The suite that measures a number."""
    kind = name.split("_", maxsplit=1)[0]
    if kind in ("bleu", "chrf"):
        return "translation"
    if kind in ("success", "action"):
        return "core"
    return "generation" if kind in ("generation", "distinct", "confidence", "templates") else "nlu"
