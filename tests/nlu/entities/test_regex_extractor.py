from __future__ import annotations

import pytest

from assistant.errors import BotFileError
from nlu.entities.options import RegexOptions
from nlu.entities.regex_extractor import RegexExtractor
from nlu.entities.step import Message

REGEXES = {"order": [r"\b[A-Z]{2}\d{6}\b"], "greeting": ["hello"], "zip": [r"\b\d{5}\b"]}
LOOKUPS = {"city": ["Oslo", "上海"], "colour": ["red"]}


def found(text: str, **options: object) -> list[tuple[str, str]]:
    settings = {"entities": ("order", "city", "zip"), **options}
    chosen = RegexOptions.model_validate({"name": "RegexEntityExtractor", **settings})
    entities = RegexExtractor.of(chosen, REGEXES, LOOKUPS).process(Message(text), [])
    assert all(each.value == text[each.start : each.end] for each in entities)
    assert {each.extractor for each in entities} <= {"RegexEntityExtractor"}
    return [(each.entity, each.value) for each in entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "order AB123456 to Oslo", [("city", "Oslo"), ("order", "AB123456")], id="both"
        ),
        pytest.param("ab123456", [("order", "ab123456")], id="case-does-not-count"),
        pytest.param("订单AB123456到上海了", [("city", "上海"), ("order", "AB123456")], id="Han"),
        pytest.param("邮编10115号", [("zip", "10115")], id="boundary-in-Han"),
        pytest.param("hello red", [], id="names-of-no-entity"),
        pytest.param("1234567", [], id="no-boundary-inside"),
    ],
)
def test_what_bears_an_entity_s_name_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        pytest.param("oslo", {"case_sensitive": True}, [], id="case"),
        pytest.param("Oslo", {"use_lookup_tables": False}, [], id="no-tables"),
        pytest.param("AB123456", {"use_regexes": False}, [], id="no-expressions"),
        pytest.param("osloer", {"use_word_boundaries": False}, [("city", "oslo")], id="inside"),
    ],
)
def test_options_are_rasa_s(
    text: str, options: dict[str, bool], expected: list[tuple[str, str]]
) -> None:
    assert found(text, **options) == expected


def test_a_broken_expression_is_named() -> None:
    with pytest.raises(BotFileError, match="regex 'zip'"):
        RegexExtractor.of(RegexOptions(name="R", entities=("zip",)), {"zip": ["[0-9"]}, {})


def test_an_expression_that_matches_nothing_visible_gives_no_entity() -> None:
    extractor = RegexExtractor.of(RegexOptions(name="R", entities=("a",)), {"a": ["x*"]}, {})

    assert [each.value for each in extractor.process(Message("bxxb"), [])] == ["xx"]
