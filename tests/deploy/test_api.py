from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from deploy.server import Server

StartServer = Callable[..., Awaitable[Server]]
TRACKER = "/conversations/a/tracker"


async def test_the_api_is_closed_unless_it_is_opened(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    async with http.get(server.address + TRACKER) as tracker:
        assert tracker.status == 404
    async with http.post(server.address + "/model/parse", json={"text": "hello"}) as parse:
        assert parse.status == 404


async def test_a_text_is_parsed_without_being_answered(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server(api=True)

    async with http.post(server.address + "/model/parse", json={"text": "it is 4711"}) as got:
        parse = await got.json()

    assert parse["intent"]["name"] == "inform"
    assert parse["entities"][0]["value"] == "4711"


async def test_a_conversation_without_a_proper_name_is_refused(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server(api=True)

    async with http.get(f"{server.address}/conversations/{'x' * 256}/tracker") as got:
        assert (got.status, (await got.json())["error"]) == (400, "bad_conversation")


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        pytest.param({"token": "s3cret"}, {}, 200, id="as-in-rasa"),
        pytest.param({}, {"Authorization": "Bearer s3cret"}, 200, id="bearer"),
        pytest.param({}, {}, 401, id="none"),
        pytest.param({"token": "s3cre"}, {}, 401, id="part-of-it"),
        pytest.param({"token": "s3crét"}, {}, 401, id="no-ascii"),
        pytest.param({}, {"Authorization": "Basic s3cret"}, 401, id="another-scheme"),
        pytest.param({}, {"Authorization": "Bearer"}, 401, id="empty"),
    ],
)
async def test_a_token_is_asked_for_where_there_is_one(
    start_server: StartServer,
    http: aiohttp.ClientSession,
    query: dict[str, str],
    headers: dict[str, str],
    status: int,
) -> None:
    server = await start_server(api=True, auth_token="s3cret")
    body = {"sender": "a", "message": "hello"}
    async with http.post(server.address + "/webhooks/rest/webhook", json=body) as chat:
        assert chat.status == 200  # chatting needs no token

    async with http.get(server.address + TRACKER, params=query, headers=headers) as got:
        assert got.status == status
        assert ("events" in await got.json()) is (status == 200)
