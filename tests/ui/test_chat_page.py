"""The Gradio page, in a real browser and turn by turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.async_api import Page as Tab
from playwright.async_api import expect

from ui.page_turn import Page, play_turn
from ui.turn_card import turn_card


@contextmanager
def chat_page(server: str) -> Iterator[str]:
    from ui.chat_page import STYLE, build_page

    blocks = build_page(server)
    _, address, _ = blocks.launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, css=STYLE, ssr_mode=False
    )
    yield address
    blocks.close(verbose=False)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
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


async def test_a_streamed_answer_grows_and_stands_there_once(serve: Callable[..., str]) -> None:
    pages = [
        page async for page in play_turn(serve(), Page(conversation="c"), "how was your day", "Hi")
    ]

    answers = [page.lines[1]["content"] for page in pages if len(page.lines) > 1]
    assert pages[0].lines == ({"role": "user", "content": "Hi"},)
    assert all(answers[-1].startswith(answer) for answer in answers)
    assert len(set(answers)) > 2
    assert len(pages[-1].lines) == 2
    assert "the generator" in pages[-1].cards[0]


async def test_a_message_that_is_not_taken_says_why(serve: Callable[..., str]) -> None:
    pages = [page async for page in play_turn(serve(), Page(conversation="c"), "x" * 5000, "x")]

    assert "at most 4000" in pages[-1].lines[-1]["content"]


async def test_a_button_shows_its_title_and_sends_its_payload(serve: Callable[..., str]) -> None:
    address = serve()
    pages = [page async for page in play_turn(address, Page(conversation="c"), "hello", "hello")]

    (option,) = pages[-1].lines[-1]["options"]
    after = [page async for page in play_turn(address, pages[-1], option["value"], option["label"])]

    assert option == {"value": "/order_status", "label": "Where is my order?"}
    assert [line["content"] for line in after[-1].lines[-2:]] == [
        "Where is my order?",
        "What is your order number?",
    ]


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
