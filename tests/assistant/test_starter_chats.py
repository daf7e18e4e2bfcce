"""Chats with the starter bot, message by message, without models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.assembly import build_engine
from assistant.bot import Bot, load_bot
from assistant.dialogue.engine import Engine, mood_events
from assistant.dialogue.events import ActionDone, UserSaid
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.messages import Reply

SHOP_BOT = load_bot(Path(__file__).parents[2] / "assistant" / "starter_bot")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def engine() -> Engine:
    return build_engine(SHOP_BOT, seed=7)


class Chat:
    """A conversation with the bot whose messages are given as they are understood."""

    def __init__(self, bot: Bot, engine: Engine, language: str = "en") -> None:
        self.bot, self.engine, self.language = bot, engine, language
        self.tracker = Tracker("test", bot.domain)
        self.tracker.apply(ActionDone(name="action_session_start"))
        self.tracker.apply(ActionDone(name=LISTEN))

    async def say(
        self, intent: str, text: str = "some words", mood: float | None = None, **entities: str
    ) -> list[Reply]:
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        key = f"faq/{intent.partition('/')[2]}"
        parse = {
            "intent": {"name": intent.partition("/")[0], "confidence": 1.0},
            "entities": found,
            "response_selector": {"faq": {"response": {"utter_action": f"utter_{key}"}}},
        }
        said = UserSaid(text=text, parse_data=parse, metadata={"language": self.language})
        self.engine.hear(self.tracker, said, mood_events(self.bot, self.tracker, mood))
        return [reply async for step in self.engine.act(self.tracker) for reply in step.replies]

    async def names(
        self, intent: str, text: str = "some words", mood: float | None = None, **entities: str
    ) -> list[str]:
        return [reply.name for reply in await self.say(intent, text, mood, **entities)]


@pytest.fixture
def chat(engine: Engine) -> Chat:
    return Chat(SHOP_BOT, engine)


async def test_an_order_is_found_with_prompts_checks_and_a_correction(chat: Chat) -> None:
    assert await chat.names("order_status") == ["utter_ask_order_number"]
    assert await chat.names("inform", order_number="a 7777") == [
        "utter_order_number_unknown",
        "utter_ask_order_number",
    ]
    assert await chat.names("inform", order_number="a1042") == ["utter_ask_find_order_form_email"]
    assert chat.tracker.slots["order_number"] == "A1042"
    changed = await chat.say("inform", order_number="A1043")
    assert [r.name for r in changed] == [
        "utter_order_number_changed",
        "utter_ask_find_order_form_email",
    ]
    assert "A1043" in changed[0].text
    assert await chat.names("inform", email="tom@example.com") == [
        "utter_email_not_of_order",
        "utter_ask_find_order_form_email",
    ]
    assert await chat.names("inform", email="Anna@Example.com") == ["utter_order_delivered"]
    assert chat.tracker.loop is None


async def test_an_order_is_never_shown_to_another_address(chat: Chat) -> None:
    await chat.say("order_status", order_number="A1042")
    assert await chat.names("inform", email="anna@example.com") == ["utter_order_shipped"]

    replies = await chat.names("order_status", order_number="A1044")

    assert replies == ["utter_email_not_of_order", "utter_ask_find_order_form_email"]
    assert await chat.names("inform", email="li@example.com") == ["utter_order_packing"]


async def test_a_return_is_opened_and_the_next_one_begins_anew(chat: Chat) -> None:
    assert await chat.names("open_return", product="scarf") == ["utter_ask_order_number"]
    assert await chat.names("inform", order_number="A1043") == [
        "utter_product_not_in_order",
        "utter_ask_return_form_product",
    ]
    assert await chat.names("inform", product="teapot") == [
        "utter_product_not_in_order",
        "utter_ask_return_form_product",
    ]
    assert await chat.names("inform", product="boots") == ["utter_ask_return_reason"]
    opened = await chat.say("size", text="they pinch my toes")
    assert [r.name for r in opened] == ["utter_return_opened"]
    assert "R-A1043" in opened[0].text
    assert "boots" in opened[0].text
    assert chat.tracker.slots["return_reason"] is None

    assert await chat.names("open_return") == ["utter_ask_return_form_product"]


async def test_a_corrected_number_is_not_taken_for_the_reason(chat: Chat) -> None:
    await chat.say("open_return", order_number="A1042", product="scarf")

    replies = await chat.names("inform", text="no wait, A1043", order_number="A1043")

    assert replies[0] == "utter_order_number_changed"
    assert chat.tracker.slots["return_reason"] is None
    assert chat.tracker.loop == "return_form"


@pytest.mark.parametrize("form", ["order_status", "open_return"])
@pytest.mark.parametrize(
    ("remark", "answer"),
    [
        ("faq/gift_wrap", "utter_faq/gift_wrap"),
        ("chitchat", "utter_chitchat"),
        ("opening_hours", "utter_opening_hours"),
        ("delivery_cost", "utter_delivery_cost"),
        ("nlu_fallback", "utter_nlu_fallback"),
        ("complaint", "utter_apology"),
        ("thanks", "utter_welcome"),
    ],
)
async def test_a_side_remark_comes_back_to_the_form(
    chat: Chat, form: str, remark: str, answer: str
) -> None:
    await chat.say(form)

    assert await chat.names(remark) == [answer, "utter_ask_order_number"]
    assert await chat.names(remark) == [answer, "utter_ask_order_number"]
    assert chat.tracker.loop is not None


@pytest.mark.parametrize("form", ["order_status", "open_return"])
async def test_a_form_is_left_only_after_a_yes(chat: Chat, form: str) -> None:
    await chat.say(form)

    assert await chat.names("deny") == ["utter_ask_stop"]
    assert await chat.names("deny") == ["utter_go_on", "utter_ask_order_number"]
    assert await chat.names("deny") == ["utter_ask_stop"]
    assert await chat.names("affirm") == ["utter_stopped"]
    assert chat.tracker.loop is None
    assert chat.tracker.slots["requested_slot"] is None


async def test_asking_for_the_same_form_again_asks_its_question_again(chat: Chat) -> None:
    await chat.say("order_status")

    assert await chat.names("order_status") == ["utter_ask_order_number"]


async def test_another_wish_leaves_one_form_for_the_other(chat: Chat) -> None:
    await chat.say("order_status", order_number="A1042")

    assert await chat.names("open_return") == ["utter_ask_return_form_product"]
    assert chat.tracker.loop == "return_form"


async def test_an_upset_customer_is_met_with_an_apology_then_offered_a_person(chat: Chat) -> None:
    assert (await chat.names("refund_status", mood=-0.97))[0] == "utter_apology"
    offered = await chat.say("refund_status", mood=-0.95)
    assert [r.name for r in offered] == ["utter_offer_human"]
    assert [button.payload for button in offered[0].buttons] == ["/affirm", "/deny"]
    assert await chat.names("affirm", mood=0.5) == ["utter_hand_over"]
    assert (await chat.names("refund_status", mood=0.1))[0] == "utter_ask_number_of_refund"


async def test_upset_twice_inside_a_form_ends_it_for_a_person(chat: Chat) -> None:
    await chat.say("order_status", mood=-0.97)
    assert await chat.names("complaint", mood=-0.97) == ["utter_offer_human"]
    assert await chat.names("affirm") == ["utter_hand_over"]
    assert chat.tracker.loop is None


async def test_chinese_is_answered_by_hand_with_its_own_names(engine: Engine) -> None:
    chat = Chat(SHOP_BOT, engine, language="zh")

    (stock,) = await chat.say("stock", product="scarf")
    (where,) = await chat.say("delivery_time", city="Beijing")
    (start,) = await chat.say("greet")

    assert "围巾" in stock.text
    assert "北京" in where.text
    assert stock.language == where.language == "zh"
    assert all(HAN.search(button.title) for button in start.buttons)


@pytest.mark.parametrize(
    ("amount", "answer"),
    [("62 euros", "utter_delivery_free"), ("35,50欧元", "utter_delivery_not_free")],
)
async def test_free_delivery_depends_on_the_amount(chat: Chat, amount: str, answer: str) -> None:
    assert await chat.names("delivery_cost", amount=amount) == [answer]


async def test_opening_hours_know_the_day_that_was_named(chat: Chat) -> None:
    assert await chat.names("opening_hours", date="Sunday") == ["utter_closed_that_day"]
    assert await chat.names("opening_hours") == ["utter_opening_hours"]


async def test_a_yes_is_understood_by_what_was_said_before(chat: Chat) -> None:
    await chat.say("size")
    assert await chat.names("affirm") == ["utter_how_to_measure"]
    await chat.say("damaged_item")
    assert await chat.names("affirm") == ["utter_ask_order_number"]
    await chat.say("deny")
    await chat.say("affirm")
    await chat.say("cancel_order", order_number="A1044")
    assert await chat.names("affirm") == ["utter_order_cancelled"]


@pytest.mark.parametrize("intent", sorted(set(SHOP_BOT.domain.intents) - {"faq"}))
@pytest.mark.parametrize("mood", [0.0, -0.97], ids=["calm", "upset"])
async def test_every_intent_gets_an_answer_in_any_mood(
    engine: Engine, intent: str, mood: float
) -> None:
    chat = Chat(SHOP_BOT, engine)

    assert await chat.names(intent, mood=mood)
    assert await chat.names(intent, mood=mood)
