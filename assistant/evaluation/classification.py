"""Precision, recall and F1 from pairs of labels, in the keys of Rasa's reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

Pair = tuple[str, str]
Report = dict[str, Any]
NOTHING = "no_entity"
MOST_CONFUSED = 3
_AVERAGES = ("micro avg", "macro avg", "weighted avg")


def classification_report(pairs: Sequence[Pair], *, nothing: str | None = None) -> Report:
    """Count how well predicted labels match the expected ones.

    Args:
        pairs: (expected, predicted) for each thing that was classified.
        nothing: A label that stands for "no label"; it counts as a miss or a false alarm of the
            others and gets no line of its own.

    Returns:
        For each label ``precision``, ``recall``, ``f1-score``, ``support`` and ``confused_with``
        (at most three labels with their counts); ``accuracy``; and the lines ``micro avg``,
        ``macro avg`` and ``weighted avg``. Empty when there is no label.

    Source: scikit-learn's ``classification_report``; Rasa 3.6 writes the same keys.
    """
    from sklearn.metrics import classification_report as count
    from sklearn.metrics import precision_recall_fscore_support as average

    labels = sorted({label for pair in pairs for label in pair} - {nothing})
    if not labels:
        return {}
    expected = [pair[0] for pair in pairs]
    predicted = [pair[1] for pair in pairs]
    counted = count(expected, predicted, labels=labels, output_dict=True, zero_division=0.0)
    report: Report = {label: _line(counted[label]) for label in labels}
    for label, confused in confusions(pairs).items():
        if label in report:
            top = [(other, n) for other, n in confused.most_common() if other != nothing]
            report[label]["confused_with"] = dict(top[:MOST_CONFUSED])
    report["accuracy"] = sum(a == b for a, b in pairs) / len(pairs)
    micro = average(expected, predicted, labels=labels, average="micro", zero_division=0.0)
    total = sum(report[label]["support"] for label in labels)
    names = ("precision", "recall", "f1-score")
    report["micro avg"] = {n: float(v) for n, v in zip(names, micro[:3], strict=True)}
    report["micro avg"]["support"] = total
    for name in ("macro avg", "weighted avg"):
        report[name] = _line(counted[name])
        del report[name]["confused_with"]
    return report


def _line(counted: dict[str, float]) -> dict[str, Any]:
    return {
        "precision": float(counted["precision"]),
        "recall": float(counted["recall"]),
        "f1-score": float(counted["f1-score"]),
        "support": int(counted["support"]),
        "confused_with": {},
    }


def confusions(pairs: Sequence[Pair]) -> dict[str, Counter[str]]:
    """For each expected label, how often which other label was predicted."""
    found: dict[str, Counter[str]] = {}
    for expected, predicted in pairs:
        if expected != predicted:
            found.setdefault(expected, Counter())[predicted] += 1
    return found


def labels_of(report: Report) -> list[str]:
    """The labels of a report, without its averages."""
    return [
        name for name in report if name not in (*_AVERAGES, "accuracy", "conversation_accuracy")
    ]


def averages(report: Report, prefix: str = "") -> dict[str, float]:
    """The numbers of a report by the names that ``--fail-under`` takes; weighted where not said."""
    if not report:
        return {}
    weighted = report["weighted avg"]
    return {
        f"{prefix}accuracy": report["accuracy"],
        f"{prefix}precision": weighted["precision"],
        f"{prefix}recall": weighted["recall"],
        f"{prefix}f1": weighted["f1-score"],
        f"{prefix}f1_macro": report["macro avg"]["f1-score"],
        f"{prefix}f1_micro": report["micro avg"]["f1-score"],
    }
