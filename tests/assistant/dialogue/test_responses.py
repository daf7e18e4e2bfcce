from __future__ import annotations

import pytest

from assistant.dialogue.responses import Responder
from assistant.domain import ButtonText, Domain, Variation
from assistant.messages import Button

VARIATIONS = (
    Variation(text="anyone"),
    Variation(text="guest", slots=(("vip", True),)),
    Variation(text="slack", channel="slack"),
    Variation(text="guest on slack", channel="slack", slots=(("vip", True),)),
)


@pytest.mark.parametrize(
    ("vip", "channel", "expected"),
    [
        (False, None, "anyone"),
        (True, None, "guest"),
        (False, "slack", "slack"),
        (True, "slack", "guest on slack"),
        (True, "rest", "guest"),
    ],
)
def test_condition_and_channel_go_before_channel_before_condition(
    vip: bool, channel: str | None, expected: str
) -> None:
    responder = Responder(Domain(responses={"utter_a": VARIATIONS}), "en", seed=1)

    reply = responder.say("utter_a", {"vip": vip}, language="en", channel=channel)

    assert reply is not None
    assert reply.text == expected


def test_slots_are_filled_in_texts_buttons_and_json_and_unknown_names_stay() -> None:
    variation = Variation(
        text="Hi {name}{gone}, {unknown}",
        buttons=(ButtonText(title="I am {name}", payload='/is{"name": "{name}"}'),),
        custom={"a": ["{name}"], "n": 1},
    )
    responder = Responder(Domain(responses={"utter_a": (variation,)}), "en")

    reply = responder.say("utter_a", {"name": "Ann", "gone": None}, language="en")

    assert reply is not None
    assert reply.text == "Hi Ann, {unknown}"
    assert reply.buttons[0].title == "I am Ann"
    assert reply.buttons[0].payload == '/is{"name": "Ann"}'
    assert reply.custom == {"a": ["Ann"], "n": 1}


def test_what_the_author_wrote_in_the_users_language_is_said() -> None:
    variation = Variation(
        text="Hello", translation={"zh": "你好"},
        buttons=(ButtonText(title="Yes", payload="/affirm", translation={"zh": "是"}),),
    )  # fmt: skip
    responder = Responder(Domain(responses={"utter_a": (variation,)}), "en")

    chinese = responder.say("utter_a", {}, language="zh")
    german = responder.say("utter_a", {}, language="de")

    assert chinese is not None
    assert german is not None
    assert (chinese.text, chinese.language, chinese.pivot) == ("你好", "zh", "Hello")
    assert chinese.buttons[0].title == "是"
    assert (german.text, german.language, german.pivot) == ("Hello", "en", None)


def test_variations_are_chosen_by_chance_and_a_seed_repeats_the_choice() -> None:
    variations = tuple(Variation(text=str(i)) for i in range(5))
    domain = Domain(responses={"utter_a": variations})

    def texts(seed: int) -> list[str]:
        responder = Responder(domain, "en", seed=seed)
        replies = [responder.say("utter_a", {}, language="en") for _ in range(40)]
        return [reply.text for reply in replies if reply]

    assert set(texts(1)) == {"0", "1", "2", "3", "4"}
    assert texts(7) == texts(7)


def test_an_unknown_response_gives_nothing() -> None:
    assert Responder(Domain(), "en").say("utter_a", {}, language="en") is None


def test_all_that_an_author_writes_of_a_response_reaches_the_reply() -> None:
    small = ButtonText(
        title="Small", payload="/small", translation={"zh": "小"}, extra={"url": "{name}"}
    )
    variation = Variation(
        text="Which?", button_type="vertical", quick_replies=(small,),
        elements=({"title": "For {name}"},), metadata={"mood": 1},
    )  # fmt: skip
    responder = Responder(Domain(responses={"utter_which": (variation,)}), "en")

    reply = responder.say("utter_which", {"name": "Ann"}, language="en")

    assert reply is not None
    assert (reply.button_type, reply.metadata, reply.buttons) == ("vertical", {"mood": 1}, ())
    assert reply.quick_replies == (Button(title="Small", payload="/small", extra={"url": "Ann"}),)
    assert (reply.elements, reply.attachment) == (({"title": "For Ann"},), None)
