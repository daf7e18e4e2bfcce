from __future__ import annotations

import pytest

from assistant.errors import TrilogueError
from assistant.evaluation.thresholds import misses, parse_thresholds


def test_names_and_numbers_are_read() -> None:
    assert parse_thresholds("f1=0.9, bleu=20,success_zh=0.95,bleu_en_zh=15,") == {
        "f1": 0.9, "bleu": 20, "success_zh": 0.95, "bleu_en_zh": 15,
    }  # fmt: skip
    assert parse_thresholds("") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("f2=0.9", r"no measure is called 'f2'. Known: accuracy, action_accuracy, bleu, chrf"),
        ("sucess=0.9", r"no measure is called 'sucess'. Did you mean 'success'\?"),
        ("entity_fl=0.9", r"Did you mean 'entity_f1'\?"),
        ("f1", r"'f1' must be written name=number"),
        ("f1=high", r"f1: 'high' is not a number"),
        ("f1=90", r"f1 lies between 0 and 1, not 90"),
        ("bleu=200", r"bleu lies between 0 and 100, not 200"),
        ("success=-1", r"success lies between 0 and 1, not -1"),
        ("f1=nan", r"f1 lies between 0 and 1, not nan"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(TrilogueError, match=told) as caught:
        parse_thresholds(text)

    assert str(caught.value).count("\n") == 0


def test_each_miss_is_a_line_and_what_was_not_measured_is_a_miss() -> None:
    numbers = {"f1": 0.8765, "success": 1.0}

    found = misses(numbers, {"f1": 0.9, "success": 1.0, "bleu": 20.0})

    assert found == [
        "f1: 0.8765 is under 0.9",
        "bleu: was not measured, at least 20 was wanted",
    ]
