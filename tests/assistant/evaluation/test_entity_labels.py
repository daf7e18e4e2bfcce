from __future__ import annotations

import pytest

from assistant.evaluation.classification import NOTHING
from assistant.evaluation.entity_labels import span_pairs, token_pairs
from assistant.tokens import token_places
from assistant.training_data import EntitySpan


def span(start: int, end: int, entity: str = "city", role: str | None = None) -> EntitySpan:
    return EntitySpan(start=start, end=end, entity=entity, value="x", role=role)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("to New York, please!", ["to", "New", "York", "please"]),
        ("mail a.b@c.de now", ["mail", "a.b@c.de", "now"]),
        ("我的订单A12在哪，谢谢。", ["我", "的", "订", "单", "A12", "在", "哪", "谢", "谢"]),
        ("„ ... !", ["„"]),
        ("", []),
    ],
)
def test_words_are_tokens_and_so_is_each_han_character(text: str, tokens: list[str]) -> None:
    assert [text[start:end] for start, end in token_places(text)] == tokens


def test_tokens_are_compared_by_type() -> None:
    pairs = token_pairs("to New York now", [span(3, 11)], [span(3, 6), span(12, 15, "time")])

    assert pairs == [
        (NOTHING, NOTHING), ("city", "city"), ("city", NOTHING), (NOTHING, "time"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "found", "pairs"),
    [
        pytest.param([span(0, 4)], [span(0, 4)], [("city", "city")], id="same"),
        pytest.param([span(0, 4)], [span(0, 4, "shop")], [("city", "shop")], id="other-type"),
        pytest.param(
            [span(0, 4)], [span(0, 5)], [("city", NOTHING), (NOTHING, "city")], id="boundary"
        ),
        pytest.param(
            [span(0, 4, role="to")], [span(0, 4, role="from")],
            [("city", NOTHING), (NOTHING, "city")], id="role",
        ),
        pytest.param([span(0, 4)], [], [("city", NOTHING)], id="missed"),
        pytest.param([], [span(0, 4)], [(NOTHING, "city")], id="false-alarm"),
        pytest.param([], [], [], id="nothing"),
    ],
)  # fmt: skip
def test_a_span_counts_only_with_equal_boundaries_type_role_and_group(
    expected: list[EntitySpan], found: list[EntitySpan], pairs: list[tuple[str, str]]
) -> None:
    assert span_pairs(expected, found) == pairs
