"""Conversations with actions of rasa_sdk: recorded answers, or a real server of the SDK.

``TRILOGUE_SDK_PYTHON`` names a Python that has rasa_sdk (3.6 needs Python 3.10 at most); then the
real server runs too. ``tests/bots/sdk/exchanges.json`` was recorded from rasa-sdk 3.6.2.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from assistant.assembly import build_engine
from assistant.bot import Bot, load_bot
from assistant.dialogue.engine import Engine
from assistant.dialogue.events import ActionDone, SessionStarted, UserSaid
from assistant.dialogue.tracker import LISTEN, Tracker
from deploy.action_server import ActionServer

BOT = Path(__file__).parent.parent / "bots" / "sdk"
PYTHON = os.environ.get("TRILOGUE_SDK_PYTHON")


class RecordedServer:
    """Answers as the SDK did: each action's answers in the order in which they were recorded."""

    def __init__(self, conversation: str) -> None:
        recorded = json.loads((BOT / "exchanges.json").read_text(encoding="utf-8"))
        self.answers: list[dict[str, Any]] = recorded[conversation]
        every = [each for exchanges in recorded.values() for each in exchanges]
        self.names = sorted({each["next_action"] for each in every if each["status"] != 404})

    async def webhook(self, request: web.Request) -> web.Response:
        asked = await request.json()
        answer = self.answers.pop(0)
        assert asked["next_action"] == answer["next_action"]
        return web.json_response(answer["body"], status=answer["status"])

    async def actions(self, _request: web.Request) -> web.Response:
        return web.json_response([{"name": name} for name in self.names])


class Caller:
    """One conversation with the bot."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tracker = Tracker("c", engine.bot.domain, [SessionStarted(), ActionDone(name=LISTEN)])

    async def say(self, message: str) -> list[str]:
        name, brace, rest = message.removeprefix("/").partition("{")
        found = json.loads(brace + rest) if brace else {}
        parse = {
            "text": message,
            "intent": {"name": name.lower(), "confidence": 1.0},
            "entities": [{"entity": entity, "value": value} for entity, value in found.items()],
        }
        said = UserSaid(text=message, parse_data=parse, input_channel="rest")
        self.engine.hear(self.tracker, said, [])
        self.steps = [step async for step in self.engine.act(self.tracker)]
        self.replies = [reply for step in self.steps for reply in step.replies]
        return [reply.text for reply in self.replies]


async def real_server() -> AsyncIterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        str(PYTHON), "-m", "rasa_sdk", "--actions", "actions", "--port", str(port),
        cwd=BOT, env={**os.environ, "SANIC_HOST": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            try:
                async with session.get(f"{address}/health"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    yield f"{address}/webhook"
    process.terminate()
    await process.wait()


async def recorded_server(conversation: str) -> AsyncIterator[str]:
    recorded = RecordedServer(conversation)
    app = web.Application()
    app.router.add_post("/webhook", recorded.webhook)
    app.router.add_get("/actions", recorded.actions)
    async with TestServer(app) as server:
        yield str(server.make_url("/webhook"))


@pytest.fixture(scope="module")
def bot() -> Bot:
    return load_bot(BOT)


@pytest.fixture(params=["recorded", pytest.param("real", marks=pytest.mark.slow)])
async def caller(request: pytest.FixtureRequest, bot: Bot) -> AsyncIterator[Caller]:
    if request.param == "real" and not PYTHON:
        pytest.skip("TRILOGUE_SDK_PYTHON names no Python that has rasa_sdk")
    conversation = request.node.originalname.rsplit("_", 1)[-1]
    source = real_server() if request.param == "real" else recorded_server(conversation)
    async for address in source:
        remote = ActionServer(address, bot, seconds=20)
        yield Caller(build_engine(bot, remote=remote, seed=0))
        await remote.close()


async def test_a_form_is_checked_by_the_sdk_in_an_order(caller: Caller) -> None:
    assert await caller.say("/order") == ["Which dish"]
    assert await caller.say('/inform{"dish":"stone"}') == ["We have no stone", "Which dish"]
    assert await caller.say('/inform{"dish":"soup"}') == ["How many"]
    assert caller.tracker.slots["dish"] == "Soup"
    assert (await caller.say('/inform{"number":"2"}'))[0].startswith("2 Soup to")
    assert caller.tracker.loop is None


async def test_required_slots_follow_the_answers_in_a_delivery(caller: Caller) -> None:
    assert await caller.say('/order{"dish":"pizza"}') == ["How many"]
    assert await caller.say('/inform{"number":"3"}') == ["Which street"]
    assert await caller.say('/inform{"dish":"stone"}') == ["We have no stone", "Which dish"]
    assert await caller.say('/inform{"dish":"pizza"}') == ["Which street"]
    assert await caller.say('/inform{"street":"Elm"}') == ["3 Pizza to Elm"]
    assert caller.tracker.slots["delivered"] is True


async def test_all_that_the_sdk_can_say_and_do_arrives_as_messages(caller: Caller) -> None:
    said = await caller.say('/everything{"dish":"a"}')

    assert said[:4] == ["plain", "chosen", "Hello Ann", "Hello Bo"]
    assert said[-1] == "c everything order_form action_listen 1 True rest"
    assert [b.payload for r in caller.replies for b in r.buttons] == [
        "/a",
        "/order",
        "/order",
        "/b",
    ]
    assert [r.image for r in caller.replies if r.image] == ["https://x/y.png"]
    assert [r.attachment for r in caller.replies if r.attachment] == ["https://x/z.pdf"]
    assert {"map": [1, 2]} in [r.custom for r in caller.replies]

    assert await caller.say("/events") == ["said as an event"]
    assert caller.tracker.slots["number"] == "7"
    assert (await caller.say("/order"))[0].startswith("7 Soup")
    assert await caller.say("/follow") == ["Refused"]
    assert await caller.say("/brief") == ["True"]


async def test_slots_by_actions_and_failing_actions_have_no_errors(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    assert await caller.say("/BRIEF") == ["True"]
    assert caller.tracker.slots["shouted"] == "/brief"
    assert caller.tracker.slots["loudness"] == pytest.approx(5 / 6)
    with caplog.at_level(logging.ERROR):
        await caller.say("/fail")
        await caller.say("/unknown")
    assert "answered with status 500: no oven" in caplog.text
    assert "Did you mean 'action_everything'?" in caplog.text
    assert await caller.say("/brief") == ["True"]
