"""The chat box for websites, in a real browser against a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.slow


async def say(tab: Page, text: str) -> None:
    field = tab.get_by_placeholder("Write a message")
    await field.fill(text)
    await field.press("Enter")


async def test_a_visitor_chats_and_clicks_a_button(serve: Callable[..., str], tab: Page) -> None:
    await tab.goto(serve())

    await say(tab, "hello")
    await expect(tab.locator(".bubble.bot").last).to_have_text("Hello! What can I do for you?")
    await tab.get_by_role("button", name="Where is my order?").click()
    await expect(tab.locator(".bubble.user").last).to_have_text("Where is my order?")
    await expect(tab.locator(".bubble.bot").last).to_have_text("What is your order number?")
    await say(tab, "it is 4711")
    await expect(tab.locator(".bubble.bot").last).to_have_text("Order 4711 is on its way.")


async def test_chinese_is_answered_in_chinese(serve: Callable[..., str], tab: Page) -> None:
    await tab.goto(serve())

    await say(tab, "你好")

    await expect(tab.locator(".bubble.bot").last).to_have_text("你好！有什么可以帮您？")


async def test_a_generated_reply_stands_there_once(serve: Callable[..., str], tab: Page) -> None:
    await tab.goto(serve())

    await say(tab, "tell me a story")

    reply = "You said tell me a story word word word"
    await expect(tab.locator(".bubble.bot").last).to_have_text(reply)
    await expect(tab.get_by_role("button", name="Send")).to_be_visible()
    await expect(tab.locator(".bubble.bot")).to_have_count(1)


async def test_another_page_of_the_site_shows_the_conversation_so_far(
    serve: Callable[..., str], tab: Page
) -> None:
    address = serve()
    await tab.goto(address)
    await say(tab, "hello")
    await expect(tab.locator(".bubble.bot")).to_have_count(1)

    await tab.goto(f"{address}/?another")

    await expect(tab.locator(".bubble.user")).to_have_text("hello")
    await expect(tab.locator(".bubble.bot")).to_have_text("Hello! What can I do for you?")


async def test_what_people_write_never_becomes_markup(serve: Callable[..., str], tab: Page) -> None:
    await tab.goto(serve())

    await say(tab, "<img src=x onerror=document.title='stolen'> tell me a story")

    await expect(tab.locator(".bubble.bot").last).to_contain_text("<img src=x")
    assert await tab.locator(".list img").count() == 0
    assert await tab.title() != "stolen"


@contextmanager
def another_site(folder: Path, widget: str) -> Iterator[str]:
    (folder / "index.html").write_text(
        f"<!doctype html><html lang=en><h1>A shop</h1><script src='{widget}/widget.js' "
        "data-title='Help' async></script></html>",
        encoding="utf-8",
    )
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        return int(server.server_address[1])


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "not-allowed"])
async def test_another_website_embeds_the_chat_only_when_it_is_allowed(
    serve: Callable[..., str], tab: Page, tmp_path: Path, *, allowed: bool
) -> None:
    port = free_port()
    with another_site(tmp_path, f"http://127.0.0.1:{port}") as site:
        serve(port=port, cors=(site,) if allowed else ())
        await tab.goto(site)
        await tab.get_by_label("Open the chat").click()
        await say(tab, "hello")

        if allowed:
            await expect(tab.locator(".bubble.bot").last).to_have_text(
                "Hello! What can I do for you?"
            )
        else:
            await expect(tab.locator(".note")).to_contain_text(f"trilogue run --cors {site}")
            await expect(tab.locator(".bubble.bot")).to_have_count(0)


async def cut_sockets(tab: Page) -> list[WebSocketRoute]:
    """Route the widget's sockets through the test, so that it can break them."""
    opened: list[WebSocketRoute] = []

    async def pass_on(route: WebSocketRoute) -> None:
        opened.append(route)
        route.connect_to_server()

    await tab.route_web_socket("**/ws*", pass_on)
    return opened


async def test_after_a_break_in_the_middle_of_a_turn_the_next_message_is_answered(
    serve: Callable[..., str], tab: Page
) -> None:
    opened = await cut_sockets(tab)
    await tab.goto(serve(generator={"words": 20, "seconds": 0.05}))
    await say(tab, "tell me a story")
    await expect(tab.get_by_role("button", name="Stop")).to_be_visible()

    await tab.context.set_offline(True)
    await opened[-1].close(code=4000)
    await expect(tab.locator(".note")).to_have_text("Connecting …")
    await expect(tab.get_by_role("button", name="Send")).to_be_visible()
    await tab.context.set_offline(False)
    await expect(tab.locator(".bubble.bot")).to_contain_text("word word")
    await expect(tab.get_by_role("button", name="Send")).to_be_visible()
    await say(tab, "thanks")

    await expect(tab.locator(".bubble.bot").last).to_have_text("You are welcome.")
    await expect(tab.locator(".bubble.bot")).to_have_count(2)


async def test_a_new_conversation_in_the_middle_of_a_turn_starts_empty_and_works(
    serve: Callable[..., str], tab: Page
) -> None:
    await tab.goto(serve(generator={"words": 100, "seconds": 0.05}))
    await say(tab, "tell me a story")
    await expect(tab.locator(".bubble.bot")).to_contain_text("word")

    await tab.get_by_label("New conversation").click()
    await expect(tab.get_by_role("button", name="Send")).to_be_visible()
    await expect(tab.locator(".bubble")).to_have_count(0)
    await say(tab, "thanks")

    await expect(tab.locator(".bubble")).to_have_text(["thanks", "You are welcome."])


async def test_a_message_that_is_sent_while_another_is_answered_is_answered_too(
    serve: Callable[..., str], tab: Page
) -> None:
    await tab.goto(serve())

    await say(tab, "tell me a story")
    await say(tab, "thanks")

    await expect(tab.locator(".bubble.bot").last).to_have_text("You are welcome.")
    await expect(tab.locator(".bubble.bot")).to_have_count(2)


async def test_a_text_that_is_too_long_stays_in_the_field(
    serve: Callable[..., str], tab: Page
) -> None:
    await tab.goto(serve())

    await say(tab, "x" * 5000)

    await expect(tab.locator(".bubble.fault")).to_contain_text("5000 > 4000")
    await expect(tab.get_by_placeholder("Write a message")).to_have_value("x" * 5000)
