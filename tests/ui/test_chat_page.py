"""The Gradio page, in a real browser and turn by turn."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from playwright.async_api import Locator, expect
from playwright.async_api import Page as Tab

from ui.page_turn import Conversation
from ui.page_view import cards, lines, title_of
from ui.turn_card import turn_card

gradios = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def slow_page(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Mark a test that runs Gradio's page in a browser."""
    return pytest.mark.slow(gradios(test))


@contextmanager
def chat_page(server: str) -> Iterator[str]:
    from ui.chat_page import STYLE, build_page

    blocks = build_page(server)
    _, address, _ = blocks.launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, css=STYLE, ssr_mode=False
    )
    yield address
    blocks.close(verbose=False)


@slow_page
async def test_the_page_shows_the_answer_and_what_was_understood(
    serve: Callable[..., str], tab: Tab
) -> None:
    with chat_page(serve()) as address:
        await tab.goto(address)
        field = tab.get_by_placeholder("Write a message")
        await field.fill("where is my order")
        await field.press("Enter")

        await expect(tab.get_by_text("What is your order number?")).to_be_visible()
        card = tab.locator(".turn-card")
        await expect(card).to_contain_text("order_status")
        await expect(card).to_contain_text("English")
        await expect(card).to_contain_text("a form")
        await field.fill("it is 4711")
        await field.press("Enter")

        await expect(tab.get_by_text("Order 4711 is on its way.")).to_be_visible()
        await expect(card.first).to_contain_text("order_number: 4711")


@asynccontextmanager
async def open_page(serve: Callable[..., str], tab: Tab, **fakes: object) -> AsyncIterator[Locator]:
    """The page in the browser; gives the field to write in."""
    with chat_page(serve(**fakes)) as address:
        await tab.goto(address)
        yield tab.get_by_placeholder("Write a message")


async def say(field: Locator, text: str) -> None:
    """Send a line and see it leave the field, as a person does before typing the next."""
    await field.fill(text)
    await field.press("Enter")
    await expect(field).to_have_value("")


@slow_page
async def test_two_quick_messages_are_both_answered_and_what_is_typed_meanwhile_stays(
    serve: Callable[..., str], tab: Tab
) -> None:
    async with open_page(serve, tab, generator={"words": 20, "seconds": 0.05}) as field:
        await say(field, "tell me a story")
        await say(field, "thanks")
        await field.type("my next message", delay=20)

        bot, user = tab.locator(".message.bot"), tab.locator(".message.user")
        await expect(user.last).to_contain_text("thanks")
        await expect(bot.last).to_contain_text("You are welcome.", timeout=15_000)
        await expect(bot.first).to_contain_text("You said tell me a story")
        await expect(user.first).to_contain_text("tell me a story")
        await expect(field).to_have_value("my next message")


@slow_page
async def test_what_people_write_never_becomes_markup(serve: Callable[..., str], tab: Tab) -> None:
    async with open_page(serve, tab) as field:
        await say(field, "<b>x</b> <img src=x> tell me a story")

        said = tab.locator(".message")
        await expect(said.first).to_contain_text("<b>x</b> <img src=x>")
        await expect(tab.locator(".turn-card")).to_contain_text("<b>x</b>")
        await expect(said.last).to_contain_text("<img src=x>")
        assert await tab.locator(".message b, .message img[src=x]").count() == 0


@slow_page
async def test_a_reload_shows_the_conversation_and_the_bin_begins_a_new_one(
    serve: Callable[..., str], tab: Tab
) -> None:
    async with open_page(serve, tab) as field:
        await say(field, "where is my order")
        await expect(tab.locator(".turn-card")).to_have_count(1)
        await expect(tab.get_by_role("heading", name="Trilogue")).to_be_visible()
        await tab.wait_for_timeout(500)

        await tab.reload()
        await expect(tab.get_by_text("What is your order number?")).to_be_visible()
        await say(field, "it is 4711")
        await expect(tab.get_by_text("Order 4711 is on its way.")).to_be_visible()
        await tab.get_by_label("Clear").click()
        await expect(tab.locator(".message")).to_have_count(0)
        await say(field, "thanks")

        await expect(tab.get_by_text("You are welcome.")).to_be_visible()
        await expect(tab.get_by_text("Order 4711 is on its way.")).to_have_count(0)


async def steps(conversation: Conversation, server: str, text: str, shown: str = "") -> list[str]:
    """What the last line says after each step."""
    return [
        str(lines(conversation)[-1]["content"]) async for _ in conversation.say(server, text, shown)
    ]


async def test_a_streamed_answer_grows_and_stands_there_once(serve: Callable[..., str]) -> None:
    conversation = Conversation()

    user, *answers = await steps(conversation, serve(), "how was your day", "Hi")

    assert user == "Hi"
    assert len(set(answers)) > 2
    assert answers[-1].startswith("You said")
    assert len(lines(conversation)) == 2
    assert "the generator" in cards(conversation)


async def test_a_message_that_is_not_taken_says_why_and_the_next_is_answered(
    serve: Callable[..., str],
) -> None:
    conversation, server = Conversation(), serve()

    assert "at most 4000" in (await steps(conversation, server, "x" * 5000))[-1]
    assert "at most" in (await steps(conversation, server, "x" * 100_000))[-1]
    assert (await steps(conversation, server, "thanks"))[-1] == "You are welcome."


async def test_a_button_shows_its_title_and_sends_its_payload(serve: Callable[..., str]) -> None:
    server, conversation = serve(), Conversation()
    await steps(conversation, server, "hello")

    (option,) = lines(conversation)[-1]["options"]
    title = title_of(conversation, option["value"])
    await steps(conversation, server, option["value"], title)

    assert option == {"value": "/order_status", "label": "Where is my order?"}
    assert [line["content"] for line in lines(conversation)[-2:]] == [
        "Where is my order?",
        "What is your order number?",
    ]


async def test_a_conversation_that_was_left_shows_nothing_more(serve: Callable[..., str]) -> None:
    conversation, server = Conversation(), serve(generator={"words": 100, "seconds": 0.02})
    shown = 0

    async for _ in conversation.say(server, "tell me a story"):
        shown += 1
        conversation.left = shown == 4

    assert shown == 4


async def test_a_browser_keeps_a_conversation(serve: Callable[..., str]) -> None:
    conversation, server = Conversation(), serve()
    await steps(conversation, server, "where is my order")

    again = Conversation.from_json(json.loads(json.dumps(conversation.as_json())))

    assert lines(again) == lines(conversation)
    assert cards(again) == cards(conversation)
    assert (await steps(again, server, "it is 4711"))[-1] == "Order 4711 is on its way."


@pytest.mark.parametrize("kept", [None, 7, {}, {"id": "a", "last_seq": 0, "turns": [{"x": 1}]}])
def test_what_a_browser_kept_wrongly_is_a_new_conversation(kept: object) -> None:
    assert Conversation.from_json(kept).turns == []


def test_a_card_leaves_out_what_is_almost_impossible() -> None:
    ranking = [{"name": name, "confidence": share} for name, share in (("a", 0.999), ("b", 0.001))]

    card = turn_card("x", {"intent": ranking[0], "intent_ranking": ranking}, [])

    assert card.count("class='bar'") == 1


def test_a_card_escapes_what_people_and_models_wrote() -> None:
    parse = {
        "language": "<b>", "pivot": "<i>", "intent": {"name": "<u>", "confidence": 1.0},
        "intent_ranking": [{"name": "<u>", "confidence": 1.0}],
        "entities": [{"entity": "<e>", "value": "<v>"}], "sentiment": None,
    }  # fmt: skip

    card = turn_card("<script>", parse, [{"source": "<s>", "name": "<n>"}])

    for word in ("<script>", "<b>x", "<i>x", "<u>", "<e>", "<v>", "<s>", "<n>"):
        assert word not in card
    assert "&lt;script&gt;" in card
