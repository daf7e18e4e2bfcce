from __future__ import annotations

from pathlib import Path

from assistant.bot import Bot
from assistant.config import Config
from assistant.dialogue.engine import said
from assistant.domain import ButtonText, Domain, Variation
from assistant.messages import Button, Entity, Intent, Reply, Sentiment, Turn
from assistant.parse_result import parse_result, reply_json
from assistant.response_selection import ResponseSelection


def intents(**found: float) -> tuple[Intent, ...]:
    return tuple(Intent(name=name, confidence=value) for name, value in found.items())


def keys(intent: str, **found: float) -> tuple[Intent, ...]:
    return tuple(Intent(name=f"{intent}/{key}", confidence=value) for key, value in found.items())


ASKED = Turn(
    text="how long is the warranty?",
    intents=intents(faq=0.6, chitchat=0.3, greet=0.1),
    retrieval={
        "faq": keys("faq", warranty=0.75, gift=0.25),
        "chitchat": keys("chitchat", weather=1.0),
    },
)


def bot(*pipeline: dict[str, object]) -> Bot:
    responses = {
        "utter_faq/warranty": (
            Variation(text="Two years.", buttons=(ButtonText(title="OK", payload="/ok"),)),
        ),
        "utter_chitchat/weather": (Variation(text="Sunny."),),
    }
    config = Config(pipeline=list(pipeline) or None)
    return Bot(root=Path("faq"), config=config, domain=Domain(responses=responses))


def test_the_keys_are_rasa_s_and_ours() -> None:
    found = parse_result(Turn(text="hi", intents=intents(greet=1.0)))

    assert list(found) == [
        "text", "intent", "entities", "intent_ranking", "text_tokens", "response_selector",
        "language", "sentiment",
    ]  # fmt: skip
    assert found["intent"] == {"name": "greet", "confidence": 1.0}


def test_an_ununderstood_message_has_no_intent() -> None:
    assert parse_result(Turn(text=""))["intent"] == {"name": None, "confidence": 0.0}


def test_ten_intents_are_ranked() -> None:
    many = tuple(Intent(name=f"i{n}", confidence=1 / 20) for n in range(20))

    assert len(parse_result(Turn(text="x", intents=many))["intent_ranking"]) == 10


def test_tokens_are_places_in_the_text() -> None:
    text = "send it to 上海, please"

    places = parse_result(Turn(text=text))["text_tokens"]

    assert [text[start:end] for start, end in places] == ["send", "it", "to", "上", "海", "please"]


def test_an_entity_says_only_what_is_known() -> None:
    city = Entity(
        entity="city", value="Oslo", start=5, end=9, confidence=0.91, role="from",
        confidence_role=0.8, extractor="DIETClassifier", processors=("EntitySynonymMapper",),
    )  # fmt: skip

    (found,) = parse_result(Turn(text="from oslo", entities=(city,)))["entities"]

    assert found == {
        "entity": "city", "start": 5, "end": 9, "value": "Oslo", "role": "from",
        "confidence_entity": 0.91, "confidence_role": 0.8, "extractor": "DIETClassifier",
        "processors": ["EntitySynonymMapper"],
    }  # fmt: skip


def test_a_value_of_duckling_has_its_text_and_what_is_known_of_it() -> None:
    value = {"value": 20, "type": "value", "unit": "$"}
    money = Entity(
        entity="amount-of-money", value=20, start=4, end=7, confidence=1.0,
        extractor="DucklingEntityExtractor", additional_info=value,
    )  # fmt: skip

    (found,) = parse_result(Turn(text="pay $20", entities=(money,)))["entities"]

    assert found == {
        "entity": "amount-of-money", "start": 4, "end": 7, "text": "$20", "value": 20,
        "confidence": 1.0, "additional_info": value, "extractor": "DucklingEntityExtractor",
    }  # fmt: skip


def test_the_default_selector_ranks_the_keys_of_all_intents() -> None:
    block = parse_result(ASKED, ResponseSelection.of(bot()))["response_selector"]

    assert block["all_retrieval_intents"] == ["chitchat", "faq"]
    assert block["default"]["response"] == {
        "responses": [{"text": "Two years.", "buttons": [{"title": "OK", "payload": "/ok"}]}],
        "confidence": 0.5,
        "intent_response_key": "faq/warranty",
        "utter_action": "utter_faq/warranty",
    }
    assert block["default"]["ranking"] == [
        {"confidence": 0.5, "intent_response_key": "faq/warranty"},
        {"confidence": 0.333333, "intent_response_key": "chitchat/weather"},
        {"confidence": 0.166667, "intent_response_key": "faq/gift"},
    ]


def test_selectors_of_their_own_intents_have_no_default() -> None:
    named = bot(
        {"name": "ResponseSelector", "retrieval_intent": "faq"},
        {"name": "ResponseSelector", "retrieval_intent": "chitchat"},
    )

    block = parse_result(ASKED, ResponseSelection.of(named))["response_selector"]

    assert list(block) == ["all_retrieval_intents", "faq", "chitchat"]
    assert block["chitchat"]["response"]["responses"] == [{"text": "Sunny."}]
    assert [key["confidence"] for key in block["faq"]["ranking"]] == [0.75, 0.25]


def test_a_bot_without_questions_answers_none() -> None:
    found = parse_result(Turn(text="hi", intents=intents(greet=1.0)))["response_selector"]

    assert found == {
        "all_retrieval_intents": [],
        "default": {
            "response": {
                "responses": None, "confidence": 0.0, "intent_response_key": None,
                "utter_action": "utter_None",
            },
            "ranking": [],
        },
    }  # fmt: skip


def test_sentiment_and_language_stand_beside() -> None:
    feeling = Sentiment(label="negative", confidence=0.9, strength=-0.8)

    found = parse_result(Turn(text="糟糕", language="zh", pivot="terrible", sentiment=feeling))

    assert (found["language"], found["pivot"]) == ("zh", "terrible")
    assert found["sentiment"]["strength"] == -0.8


def test_a_replys_json_has_its_choices_cards_and_what_is_said_to_the_channel() -> None:
    reply = Reply(
        text="Which?",
        buttons=(Button(title="Big", payload="/big", extra={"url": "https://x"}),),
        button_type="vertical",
        quick_replies=(Button(title="Small", payload="/small"),),
        elements=({"title": "Tea"},),
        metadata={"mood": 1},
    )

    assert reply_json(reply) == {
        "text": "Which?", "language": "en", "source": "story", "name": "",
        "buttons": [{"title": "Big", "payload": "/big", "url": "https://x"}],
        "button_type": "vertical",
        "quick_replies": [{"title": "Small", "payload": "/small"}],
        "elements": [{"title": "Tea"}],
        "metadata": {"mood": 1},
    }  # fmt: skip
    told = said(reply)
    assert told.data["quick_replies"] == [{"title": "Small", "payload": "/small"}]
    assert told.data["elements"] == [{"title": "Tea"}]
    assert (told.metadata["button_type"], told.metadata["metadata"]) == ("vertical", {"mood": 1})
