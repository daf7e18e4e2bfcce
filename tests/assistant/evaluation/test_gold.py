"""What is expected of a message beside what was understood, as Rasa's test compares them."""

from __future__ import annotations

import pytest

from assistant.evaluation.gold import entity_pairs, intent_pairs, true_message
from assistant.files.entity_syntax import parse_marked
from assistant.messages import Entity, Intent, Turn
from assistant.stories import UserStep


def step(marked: str, intent: str = "greet") -> UserStep:
    text, spans = parse_marked(marked)
    values = tuple((span.entity, span.value, span.role, span.group) for span in spans)
    return UserStep(intent=intent, text=text, spans=spans, entities=values)


def city(value: str, start: int, end: int) -> Entity:
    return Entity(entity="city", value=value, start=start, end=end)


@pytest.mark.parametrize(
    ("marked", "found", "pairs"),
    [
        pytest.param("to [Oslo](city)", [city("Oslo", 3, 7)], [("city=Oslo",) * 2], id="right"),
        pytest.param("to [Oslo](city)", [], [("city=Oslo", "none")], id="missed"),
        pytest.param("to Oslo", [city("Oslo", 3, 7)], [("none", "city=Oslo")], id="false-alarm"),
        pytest.param("to [Oslo](city)", [city("oslo", 3, 7)], [("city=Oslo", "city=oslo")],
                     id="other-value"),
        pytest.param("to [Oslo](city)", [city("Oslo", 3, 6)],
                     [("none", "city=Oslo"), ("city=Oslo", "none")], id="other-place"),
        pytest.param("to [Oslo](city)", [city("Oslo", 3, 7)] * 2, [("city=Oslo",) * 2],
                     id="twice-is-once"),
    ],
)  # fmt: skip
def test_entities_are_compared_by_place_type_and_value(
    marked: str, found: list[Entity], pairs: list[tuple[str, str]]
) -> None:
    turn = Turn(text="to Oslo", entities=tuple(found))

    assert entity_pairs(step(marked), turn) == pairs


def test_roles_are_not_compared() -> None:
    turn = Turn(text="to Oslo", entities=(city("Oslo", 3, 7),))
    wanted = step('to [Oslo]{"entity": "city", "role": "to"}')

    assert entity_pairs(wanted, turn) == [("city=Oslo", "city=Oslo")]


def test_a_retrieval_intent_may_be_expected_with_or_without_its_key() -> None:
    turn = Turn(
        text="when do you open",
        intents=(Intent(name="faq", confidence=0.9),),
        retrieval={"faq": (Intent(name="faq/hours", confidence=0.9),)},
    )

    assert intent_pairs(step("x", "faq"), turn) == [("faq", "faq")]
    assert intent_pairs(step("x", "faq/hours"), turn) == [("faq/hours", "faq/hours")]
    assert intent_pairs(step("x", "greet"), turn) == [("greet", "faq/hours")]


def test_a_conversation_goes_on_with_the_storys_intent_and_entities() -> None:
    turn = Turn(text="to Oslo", language="en", intents=(Intent(name="bye", confidence=0.9),))

    message = true_message(step("to [Oslo](city)"), turn)

    assert message.parse_data["intent"]["name"] == "greet"
    assert [each["value"] for each in message.parse_data["entities"]] == ["Oslo"]
    assert message.parse_data["intent_ranking"][0]["name"] == "bye"
