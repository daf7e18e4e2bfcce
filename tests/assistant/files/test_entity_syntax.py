from __future__ import annotations

import pytest

from assistant.files.entity_syntax import EntitySyntaxError, parse_marked
from assistant.training_data import EntitySpan


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        pytest.param(
            "to [Lyon](city) now", "to Lyon now",
            [EntitySpan(start=3, end=7, entity="city", value="Lyon")],
            id="type",
        ),
        pytest.param(
            "[the big apple](city:New York)", "the big apple",
            [EntitySpan(start=0, end=13, entity="city", value="New York")],
            id="type-and-value",
        ),
        pytest.param(
            'from [Oslo]{"entity": "city", "role": "from"}', "from Oslo",
            [EntitySpan(start=5, end=9, entity="city", value="Oslo", role="from")],
            id="json",
        ),
        pytest.param(
            '[tea][{"entity": "drink", "group": "1"}, {"entity": "dish", "value": "T"}]', "tea",
            [
                EntitySpan(start=0, end=3, entity="drink", value="tea", group="1"),
                EntitySpan(start=0, end=3, entity="dish", value="T"),
            ],
            id="several-on-one-span",
        ),
        pytest.param(
            "[上海](city)到[北京](city)", "上海到北京",
            [
                EntitySpan(start=0, end=2, entity="city", value="上海"),
                EntitySpan(start=3, end=5, entity="city", value="北京"),
            ],
            id="han",
        ),
        pytest.param("a [b] (c) d", "a [b] (c) d", [], id="brackets-that-are-no-mark"),
        pytest.param(
            "[10:30](time)", "10:30", [EntitySpan(start=0, end=5, entity="time", value="10:30")],
            id="colon-in-the-surface",
        ),
    ],
)  # fmt: skip
def test_marks_become_spans_of_the_plain_text(
    marked: str, text: str, spans: list[EntitySpan]
) -> None:
    assert parse_marked(marked) == (text, tuple(spans))


@pytest.mark.parametrize(
    ("marked", "what"),
    [
        ('[a]{"entity": city}', "is not JSON"),
        ('[a]{"role": "from"}', 'needs a key "entity"'),
        ('[a]{"entity": "city", "rol": "from"}', "has no key 'rol'"),
        ('go to [y]{"entity": "city"', r"the mark '\[y\]\{\"entity\": \"city\"' is not complete"),
        ("[z](city", r"the mark '\[z\]\(city' is not complete"),
        ("[a](city) to [z](city", r"the mark '\[z\]\(city' is not complete"),
        ('[tea][{"entity": "drink"}', "is not complete"),
        ("[a]()", "is not complete"),
    ],
)  # fmt: skip
def test_a_damaged_mark_is_refused_with_the_mark(marked: str, what: str) -> None:
    with pytest.raises(EntitySyntaxError, match=what):
        parse_marked(marked)


@pytest.mark.parametrize(
    "text",
    [
        "a [b] (c) d", "what is x[3]", "[laughs] hello", "smile :](city)", "(a [b])", "{x} [y",
        "[a][b]", "/inform{\"city\": [\"Oslo\"]}",
    ],
)  # fmt: skip
def test_other_brackets_are_text_like_any_other(text: str) -> None:
    assert parse_marked(text) == (text, ())
