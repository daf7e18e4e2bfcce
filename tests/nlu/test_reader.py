from __future__ import annotations

import numpy as np
import pytest

from assistant.messages import Turn
from nlu.reader import Reader


def read(reader: Reader, text: str) -> Turn:
    (turn,) = reader.process([Turn(text=text)])
    return turn


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("hey, good morning to you", "greet", id="greet"),
        pytest.param("bye bye", "goodbye", id="goodbye"),
        pytest.param("where is my parcel B7741?", "order_status", id="order"),
        pytest.param("how much is shipping to Vienna", "delivery", id="delivery"),
        pytest.param("what warranty do you give", "faq", id="faq"),
        pytest.param("订单B1234到哪了", "order_status", id="Chinese"),
    ],
)
def test_a_message_gets_its_intent(reader: Reader, text: str, intent: str) -> None:
    turn = read(reader, text)

    assert turn.intent is not None
    assert turn.intent.name == intent


def test_confidences_are_probabilities_in_falling_order(reader: Reader) -> None:
    confidences = [intent.confidence for intent in read(reader, "hello").intents]

    assert sum(confidences) == pytest.approx(1.0, abs=1e-4)
    assert confidences == sorted(confidences, reverse=True)
    assert len(confidences) == 5  # the keys of faq count as one intent


def test_nonsense_is_less_certain_than_a_training_example(reader: Reader) -> None:
    known, nonsense = read(reader, "where is my order A1042"), read(reader, "qzx plomf wibble")

    assert known.intents[0].confidence > nonsense.intents[0].confidence


def test_the_keys_of_a_retrieval_intent_are_ranked(reader: Reader) -> None:
    keys = read(reader, "is there any gift wrapping").retrieval["faq"]

    assert [key.name for key in keys] == ["faq/gift", "faq/warranty"]
    assert sum(key.confidence for key in keys) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "entity", "surface", "value"),
    [
        pytest.param("where is order F6612 now", "order", "F6612", "F6612", id="unseen-number"),
        pytest.param("do you deliver to Lisbon", "city", "Lisbon", "Lisbon", id="lookup"),
        pytest.param("do you deliver to paris", "city", "paris", "Paris", id="synonym"),
        pytest.param("可以寄到广州吗", "city", "广州", "广州", id="Chinese-lookup"),
    ],
)
def test_entities_have_their_place_in_the_text(
    reader: Reader, text: str, entity: str, surface: str, value: str
) -> None:
    (found,) = read(reader, text).entities

    assert (found.entity, text[found.start : found.end], found.value) == (entity, surface, value)
    assert found.confidence is not None
    assert 0.0 <= found.confidence <= 1.0


def test_entities_of_a_translated_message_lie_in_the_original(reader: Reader) -> None:
    text = "我的订单A1042到哪了"

    (turn,) = reader.process([Turn(text=text, language="zh", pivot="Where is my order A1042?")])

    assert [text[each.start : each.end] for each in turn.entities] == ["A1042"]
    assert turn.intent is not None
    assert turn.intent.name == "order_status"


def test_the_size_of_a_batch_never_changes_an_answer(reader: Reader) -> None:
    texts = ["hello", "do you deliver to Oslo", "送到上海要多少钱", "/greet", "bye!! 😂 @bob", ""]
    turns = [Turn(text=text) for text in texts]

    together = reader.process(turns)
    alone = [reader.process([turn])[0] for turn in turns]

    assert [turn.text for turn in together] == texts
    for one, other in zip(together, alone, strict=True):
        assert one.entities == other.entities
        assert [each.name for each in one.intents] == [each.name for each in other.intents]
        assert np.allclose(
            [each.confidence for each in one.intents],
            [each.confidence for each in other.intents],
            atol=1e-6,
        )


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01", "a" * 20000, "😂" * 50, "\ud83d", "İstanbul", "[](){}"]
)
def test_no_message_breaks_the_reader(reader: Reader, text: str) -> None:
    turn = read(reader, text)

    assert turn.intent is not None
    assert all(0 <= each.start < each.end <= len(text) for each in turn.entities)


def test_no_turns_give_no_turns(reader: Reader) -> None:
    assert reader.process([]) == []
