from __future__ import annotations

import pytest

from assistant.messages import Turn
from nlu.literal import read_literal

INTENTS = {"greet", "order_status", "faq", "restart"}


def literal(text: str) -> Turn | None:
    return read_literal(Turn(text=text), INTENTS)


@pytest.mark.parametrize(
    ("text", "name", "confidence", "entities"),
    [
        pytest.param("/greet", "greet", 1.0, [], id="intent"),
        pytest.param(" /restart ", "restart", 1.0, [], id="spaces-around"),
        pytest.param("/greet@0.8", "greet", 0.8, [], id="confidence"),
        pytest.param(
            '/order_status{"order": "A1"}', "order_status", 1.0, [("order", "A1")], id="entity"
        ),
        pytest.param(
            '/order_status@0.5{"order": "A1", "n": 2}',
            "order_status", 0.5, [("order", "A1"), ("n", 2)], id="all",
        ),
        pytest.param(
            '/order_status{"order": ["A1", "A2"]}',
            "order_status", 1.0, [("order", "A1"), ("order", "A2")], id="list",
        ),
    ],
)  # fmt: skip
def test_a_literal_message_says_what_is_understood(
    text: str, name: str, confidence: float, entities: list[tuple[str, object]]
) -> None:
    turn = literal(text)

    assert turn is not None
    assert turn.literal
    assert turn.intent is not None
    assert (turn.intent.name, turn.intent.confidence) == (name, confidence)
    assert [(each.entity, each.value) for each in turn.entities] == entities


def test_a_full_key_asks_for_one_answer() -> None:
    turn = literal("/faq/warranty")

    assert turn is not None
    assert turn.intents[0].name == "faq"
    assert turn.retrieval["faq"][0].name == "faq/warranty"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("greet", id="no-slash"),
        pytest.param("/unknown", id="unknown-intent"),
        pytest.param('/greet{"a": ', id="cut-off"),
        pytest.param('/greet{"a" 1}', id="no-JSON"),
        pytest.param("/greet@1.2.3", id="no-number"),
        pytest.param("/greet@7", id="above-one"),
        pytest.param("/greet everybody", id="words-behind"),
        pytest.param("/", id="slash-alone"),
    ],
)
def test_a_malformed_literal_message_is_read_as_text(text: str) -> None:
    assert literal(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/gret", ["/gret", "no intent", "greet"]),
        ('/greet{"name": "my secret', ["/greet", "not of the form"]),
        ("/greet@7", ["/greet", "not of the form"]),
    ],
)
def test_a_mistyped_message_is_read_as_text_and_the_log_says_why(
    text: str, words: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert literal(text) is None

    (record,) = caplog.records
    assert all(word in record.getMessage() for word in words)
    assert "secret" not in caplog.text


@pytest.mark.parametrize("text", ["hello", "24/7", "/ 7", "/7", "/greet"])
def test_other_messages_are_not_warned_of(text: str, caplog: pytest.LogCaptureFixture) -> None:
    literal(text)

    assert caplog.records == []
