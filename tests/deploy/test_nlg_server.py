"""Responses that a server words: a real bot and a real NLG server."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from conftest import WriteBot
from talks import Talk

from assistant.endpoints import Address
from deploy.nlg_server import NlgServer

BOT = """\
    intents: [greet, ask]
    slots: {name: {type: text, initial_value: Ann, mappings: [{type: custom}]}}
    responses:
      utter_greet: [{text: "Hello {name}", id: g1}]
      utter_empty: [{text: Own words}]
    actions: [utter_remote_only]
    rules:
    - rule: greet
      steps: [{intent: greet}, {action: utter_greet}]
    - rule: ask
      steps: [{intent: ask}, {action: utter_remote_only}]
    """


class Writer:
    """An NLG server whose answer a test chooses; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.answer: web.StreamResponse = web.json_response({"text": "Good day"})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked = await request.json()
        return self.answer


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
async def talk(writer: Writer, write_bot: WriteBot) -> AsyncIterator[Talk]:
    app = web.Application()
    app.router.add_post("/nlg", writer.handle)
    async with TestServer(app) as server:
        talk = Talk(write_bot(domain=BOT))
        words = NlgServer(Address(url=str(server.make_url("/nlg"))), seconds=2)
        talk.engine.runner.words = words
        yield talk
        await words.close()


async def test_the_server_words_a_response_and_is_told_what_rasa_tells(
    talk: Talk, writer: Writer
) -> None:
    assert await talk.say("greet") == ["Good day"]
    assert (writer.asked["response"], writer.asked["id"]) == ("utter_greet", "g1")
    assert writer.asked["arguments"] == {}
    assert writer.asked["channel"] == {"name": None}
    assert writer.asked["tracker"]["slots"]["name"] == "Ann"


async def test_a_response_without_own_wording_is_said_in_the_servers_words(talk: Talk) -> None:
    assert await talk.say("ask") == ["Good day"]


async def test_an_empty_answer_says_nothing(talk: Talk, writer: Writer) -> None:
    writer.answer = web.Response(text="")

    assert await talk.say("greet") == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(web.Response(status=500), "status 500", id="500"),
        pytest.param(web.Response(text="<html>"), "no JSON", id="no-json"),
        pytest.param(web.json_response([1]), "no response", id="no-object"),
        pytest.param(web.json_response({"text": 5}), "wrong 'text'", id="wrong-type"),
        pytest.param(web.json_response({"buttons": ["x"]}), "no title", id="wrong-button"),
        pytest.param(web.json_response({"elements": ["x"]}), "list of objects", id="wrong-card"),
    ],
)
async def test_where_the_server_fails_the_bots_own_wording_is_said_and_the_log_tells_why(
    talk: Talk,
    writer: Writer,
    caplog: pytest.LogCaptureFixture,
    answer: web.Response,
    words: str,
) -> None:
    writer.answer = answer

    with caplog.at_level(logging.ERROR):
        assert await talk.say("greet") == ["Hello Ann"]

    assert words in caplog.text
    assert await talk.say("ask") == []
