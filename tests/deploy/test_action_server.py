from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from assistant.bot import Bot, load_bot
from assistant.dialogue.events import SlotSet, UserSaid
from assistant.dialogue.tracker import Tracker
from assistant.endpoints import Address
from assistant.errors import ActionError
from deploy.action_server import ActionServer

TINY = Path(__file__).parent.parent / "bots" / "tiny"
Answer = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


class RealActionServer:
    """An action server whose answer a test chooses; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.answer: web.StreamResponse = web.json_response({"events": [], "responses": []})
        self.seconds = 0.0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked = await request.json()
        await asyncio.sleep(self.seconds)
        return self.answer


@pytest.fixture
def bot() -> Bot:
    return load_bot(TINY)


@pytest.fixture
def tracker(bot: Bot) -> Tracker:
    said = UserSaid(text="it is 4711", metadata={"language": "en"})
    return Tracker("c", bot.domain, [said, SlotSet(name="order_number", value="4711")])


@pytest.fixture
async def remote() -> AsyncIterator[RealActionServer]:
    real = RealActionServer()
    app = web.Application()
    app.router.add_post("/webhook", real.handle)
    async with TestServer(app) as server:
        real.address = str(server.make_url("/webhook"))  # type: ignore[attr-defined]
        yield real


@pytest.fixture
async def actions(remote: RealActionServer, bot: Bot) -> AsyncIterator[ActionServer]:
    made = ActionServer(remote.address, bot, seconds=0.5)  # type: ignore[attr-defined]
    yield made
    await made.close()


async def test_the_server_gets_the_action_the_tracker_and_the_domain(
    actions: ActionServer, remote: RealActionServer, tracker: Tracker
) -> None:
    await actions.run("action_find", tracker)

    assert remote.asked["next_action"] == "action_find"
    assert remote.asked["sender_id"] == remote.asked["tracker"]["sender_id"] == "c"
    assert remote.asked["tracker"]["slots"]["order_number"] == "4711"
    assert remote.asked["tracker"]["events"][0]["event"] == "user"
    assert remote.asked["domain"]["forms"]["order_form"]["required_slots"] == ["order_number"]
    mapping = {"type": "from_entity", "entity": "order_number"}
    assert remote.asked["domain"]["slots"]["order_number"]["mappings"] == [mapping]
    assert remote.asked["version"]


async def test_events_and_responses_come_back(
    actions: ActionServer, remote: RealActionServer, tracker: Tracker
) -> None:
    remote.answer = web.json_response(
        {
            "events": [{"event": "slot", "name": "order_number", "value": "1", "timestamp": None}],
            "responses": [
                {"text": "Found.", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
                {"response": "utter_order", "order_number": "99"},
                {"template": "utter_order"},
                {"image": "https://x/y.png", "custom": {"a": 1}, "elements": [], "text": None},
                {"response": "utter_nowhere"},
            ],
        }
    )

    outcome = await actions.run("action_find", tracker)

    assert outcome.events == [SlotSet(name="order_number", value="1")]
    assert [reply.text for reply in outcome.replies] == [
        "Found.", "Order 99 is on its way.", "Order 4711 is on its way.", "",
    ]  # fmt: skip
    assert outcome.replies[0].buttons[0].payload == "/affirm"
    assert (outcome.replies[3].image, outcome.replies[3].custom) == ("https://x/y.png", {"a": 1})
    assert {reply.source for reply in outcome.replies} == {"action"}


async def test_400_means_that_the_message_is_rejected(
    actions: ActionServer, remote: RealActionServer, tracker: Tracker
) -> None:
    remote.answer = web.json_response({"error": "no", "action_name": "x"}, status=400)

    assert (await actions.run("order_form", tracker)).rejected


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(web.Response(status=404), "does not know this action", id="404"),
        pytest.param(web.Response(status=500, text="Traceback"), "status 500", id="500"),
        pytest.param(
            web.Response(status=302, headers={"Location": "/webhook"}), "status 302", id="redirect"
        ),
        pytest.param(web.Response(text="<html>"), "no JSON", id="no-json"),
        pytest.param(web.json_response([1]), "no action result", id="no-object"),
        pytest.param(web.json_response({"events": ["x"]}), "wrong event", id="bad-event"),
        pytest.param(web.Response(body=b"x" * 2_000_000), "more than", id="huge"),
    ],
)
async def test_a_failed_action_is_one_line(
    actions: ActionServer,
    remote: RealActionServer,
    tracker: Tracker,
    answer: web.Response,
    words: str,
) -> None:
    remote.answer = answer

    with pytest.raises(ActionError, match=words) as failed:
        await actions.run("action_find", tracker)

    assert "action_find" in str(failed.value)
    assert "\n" not in str(failed.value)


async def test_a_slow_action_is_given_up(
    actions: ActionServer, remote: RealActionServer, tracker: Tracker
) -> None:
    remote.seconds = 3

    with pytest.raises(ActionError, match=r"within 0\.5 seconds"):
        await actions.run("action_find", tracker)


async def test_a_server_that_is_away_is_one_line(bot: Bot, tracker: Tracker) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    actions = ActionServer(f"http://127.0.0.1:{port}/webhook", bot)

    with pytest.raises(ActionError, match="cannot be reached"):
        await actions.run("action_find", tracker)
    await actions.close()


@pytest.mark.parametrize(
    ("selective", "asks", "sent"),
    [(False, False, True), (False, True, True), (True, False, False), (True, True, True)],
)
async def test_a_selective_server_is_sent_the_domain_only_where_an_action_asks_for_it(
    selective: bool, asks: bool, sent: bool, remote: RealActionServer, bot: Bot, tracker: Tracker
) -> None:
    bot.domain.actions["action_find"] = asks
    url: str = remote.address  # type: ignore[attr-defined]
    actions = ActionServer(
        Address(url=url, options={"enable_selective_domain": selective}), bot, seconds=0.5
    )

    await actions.run("action_find", tracker)
    await actions.close()

    assert ("domain" in remote.asked) == sent
