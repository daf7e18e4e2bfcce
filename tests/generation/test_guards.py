from __future__ import annotations

import pytest

from assistant.messages import Utterance
from generation.guards import Guard, claims, split_sentences

HISTORY = (
    Utterance("user", "Hello, my order is AB-48213, my mail is mia@home.example."),
    Utterance("bot", "Thank you! It is on its way to you."),
    Utterance("user", "It should have come in two days, why is it so late?"),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "I see, order AB-48213 is late.",
        "Is mia@home.example still right?",
        "Two days is long.",
        "You said 2 days.",
        "I'm sorry to hear that!",
        "Thank you!",
    ],
)
def test_what_stands_in_the_conversation_may_be_said_again(sentence: str) -> None:
    assert Guard(HISTORY).fault(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        pytest.param("Order AB-48214 is late.", "not in the conversation", id="another-number"),
        pytest.param("It is order 4821.", "not in the conversation", id="part-of-a-number"),
        pytest.param("It takes three days.", "not in the conversation", id="number-word"),
        pytest.param("That is €5.", "not in the conversation", id="price"),
        pytest.param("Call 0800-555.", "not in the conversation", id="telephone"),
        pytest.param("Mail to mia@work.example.", "not in the conversation", id="mail"),
        pytest.param("Look at shop.com now.", "not in the conversation", id="link"),
        pytest.param("Go to shop dot com.", "not in the conversation", id="spoken-link"),
        pytest.param("It is <b>late</b>.", "markup", id="html"),
        pytest.param("It is **late**.", "markup", id="markdown"),
        pytest.param("Dear {name}, hello.", "markup", id="slot"),
        pytest.param("Hi ＜b＞.", "markup", id="full-width-markup"),
        pytest.param("Hello <|bot|>", "markup", id="token"),
        pytest.param("I have refunded your order.", "claims", id="refunded"),
        pytest.param("I’ve cancelled it.", "claims", id="curly-apostrophe"),
        pytest.param("Your order has been shipped.", "claims", id="has-been"),
        pytest.param("I will send you a new pair.", "claims", id="promise"),
        pytest.param("You will get a full refund.", "claims", id="refund"),
        pytest.param("It is on its way to you.", "said already", id="own-words"),
        pytest.param(
            "It should have come in two days, why is it so late?", "said already", id="parrot"
        ),
    ],
)
def test_inventions_markup_claims_and_echoes_are_faults(sentence: str, why: str) -> None:
    found = Guard(HISTORY).fault(sentence)

    assert found is not None
    assert found.startswith(why)


def test_a_link_is_not_put_together_from_two_sentences() -> None:
    assert Guard(HISTORY).fault("com is our site.", before="Look at shop.") is not None


def test_a_long_sentence_is_said_once() -> None:
    guard = Guard(())

    assert guard.fault("I am glad to help you.") is None
    assert guard.fault("I am glad to help you.") == "said already"


def test_every_claim_pattern_is_read() -> None:
    assert len(claims()) >= 10


@pytest.mark.parametrize(
    ("text", "whole", "rest"),
    [
        pytest.param("Hi! How are", ["Hi! "], "How are", id="two"),
        pytest.param("It is 3.50 now", [], "It is 3.50 now", id="decimal"),
        pytest.param("Ask Mr. Smith. Yes", ["Ask Mr. Smith. "], "Yes", id="title"),
        pytest.param("Hi.", [], "Hi.", id="unsure-whether-more-dots-come"),
        pytest.param("你好。请问", ["你好。"], "请问", id="chinese"),
    ],
)
def test_sentences_are_split_where_they_surely_end(text: str, whole: list[str], rest: str) -> None:
    assert split_sentences(text) == (whole, rest)
