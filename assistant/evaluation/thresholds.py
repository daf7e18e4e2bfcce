"""``--fail-under f1=0.9,bleu=20``: what must be reached, and one line for each miss."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.errors import TrilogueError, UnknownNameError

SHARES = (
    "accuracy", "precision", "recall", "f1", "f1_macro", "f1_micro",
    "entity_accuracy", "entity_precision", "entity_recall", "entity_f1", "entity_f1_macro",
    "entity_f1_micro", "entity_span_precision", "entity_span_recall", "entity_span_f1",
    "response_accuracy", "response_f1",
    "sentiment_accuracy", "sentiment_recall", "sentiment_f1",
    "success", "action_accuracy",
    "distinct_1", "distinct_2", "confidence",
)  # fmt: skip
SCORES = ("bleu", "chrf", "generation_bleu", "generation_chrf")
_BY_LANGUAGE = re.compile(r"success_[a-z]{2,3}|(?:bleu|chrf)_[a-z]{2,3}_[a-z]{2,3}")


def parse_thresholds(text: str) -> dict[str, float]:
    """Read ``name=number`` pairs that are joined by commas.

    Shares lie in [0, 1]; BLEU and chrF in [0, 100]. ``success_zh`` and ``bleu_en_zh`` name one
    language or direction.

    Raises:
        UnknownNameError: A name that nothing measures, with the nearest one.
        TrilogueError: A pair without a number, or one out of range.
    """
    wanted: dict[str, float] = {}
    for piece in filter(None, (each.strip() for each in text.split(","))):
        name, equals, number = (part.strip() for part in piece.partition("="))
        if not equals:
            raise TrilogueError(f"--fail-under: {piece!r} must be written name=number, e.g. f1=0.9")
        if name not in (*SHARES, *SCORES) and not _BY_LANGUAGE.fullmatch(name):
            raise UnknownNameError("measure", name, (*SHARES, *SCORES), where="--fail-under")
        wanted[name] = _number(name, number)
    return wanted


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise TrilogueError(f"--fail-under: {name}: {text!r} is not a number") from error
    most = 100.0 if name.split("_", maxsplit=1)[0] in ("bleu", "chrf") or name in SCORES else 1.0
    if not 0.0 <= value <= most:
        raise TrilogueError(f"--fail-under: {name} lies between 0 and {most:g}, not {value:g}")
    return value


def misses(numbers: Mapping[str, float], wanted: Mapping[str, float]) -> list[str]:
    """Return one line for each number that was not reached or not measured."""
    lines = []
    for name, least in wanted.items():
        if name not in numbers:
            lines.append(f"{name}: was not measured, at least {least:g} was wanted")
        elif numbers[name] < least:
            lines.append(f"{name}: {numbers[name]:.4g} is under {least:g}")
    return lines
