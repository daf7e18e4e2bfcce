from __future__ import annotations

import pytest

from assistant.evaluation.classification import NOTHING, averages, classification_report, labels_of

PAIRS = [("a", "a")] * 3 + [("a", "b")] + [("b", "b")] * 2 + [("c", "a")] * 2


def test_the_report_has_the_keys_of_rasas_reports() -> None:
    report = classification_report(PAIRS)

    assert report["a"] == {
        "precision": pytest.approx(3 / 5),
        "recall": pytest.approx(3 / 4),
        "f1-score": pytest.approx(2 / 3),
        "support": 4,
        "confused_with": {"b": 1},
    }
    assert report["c"]["confused_with"] == {"a": 2}
    assert report["accuracy"] == pytest.approx(5 / 8)
    assert report["macro avg"]["recall"] == pytest.approx((3 / 4 + 1 + 0) / 3)
    assert report["weighted avg"]["recall"] == pytest.approx(5 / 8)
    assert report["micro avg"]["f1-score"] == pytest.approx(5 / 8)
    assert report["weighted avg"]["support"] == 8
    assert labels_of(report) == ["a", "b", "c"]


def test_what_is_no_label_counts_as_miss_or_false_alarm_and_gets_no_line() -> None:
    pairs = [("city", "city"), ("city", NOTHING), (NOTHING, "city"), (NOTHING, NOTHING)]

    report = classification_report(pairs, nothing=NOTHING)

    assert labels_of(report) == ["city"]
    assert report["city"]["precision"] == report["city"]["recall"] == pytest.approx(0.5)
    assert report["city"]["support"] == 2
    assert report["city"]["confused_with"] == {}


def test_at_most_three_confusions_are_named_the_most_frequent_first() -> None:
    pairs = [("a", "b")] * 2 + [("a", "c")] * 5 + [("a", "d")] * 3 + [("a", "e")]

    report = classification_report(pairs)

    assert list(report["a"]["confused_with"].items()) == [("c", 5), ("d", 3), ("b", 2)]


def test_nothing_to_count_gives_an_empty_report() -> None:
    assert classification_report([]) == {}
    assert classification_report([(NOTHING, NOTHING)], nothing=NOTHING) == {}
    assert averages({}) == {}


def test_the_numbers_agree_with_the_definition() -> None:
    numbers = averages(classification_report(PAIRS), "entity_")

    assert numbers["entity_accuracy"] == pytest.approx(5 / 8)
    f1 = {"a": 2 / 3, "b": 0.8, "c": 0.0}
    support = {"a": 4, "b": 2, "c": 2}
    weighted = sum(f1[label] * support[label] for label in f1) / 8
    assert numbers["entity_f1"] == pytest.approx(weighted)
    assert numbers["entity_f1_macro"] == pytest.approx(sum(f1.values()) / 3)
