from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from deploy.server import Server

StartServer = Callable[..., Awaitable[Server]]
WEBHOOK = "/webhooks/rest/webhook"
SHOP = "https://shop.example"


async def test_a_foreign_website_cannot_open_a_chat(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(
            server.address + "/ws?conversation=a", headers={"Origin": "https://evil.example"}
        )
    async with http.post(
        server.address + WEBHOOK,
        json={"sender": "a", "message": "hello"},
        headers={"Origin": "https://evil.example"},
    ) as got:
        fault = await got.json()

    assert refused.value.status == got.status == 403
    assert fault["error"] == "foreign_origin"
    assert "Access-Control-Allow-Origin" not in got.headers


async def test_a_website_that_is_named_may_chat(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server(cors=(SHOP,))
    headers = {"Origin": SHOP}

    async with http.ws_connect(server.address + "/ws?conversation=a", headers=headers) as socket:
        assert not socket.closed
    async with http.post(
        server.address + WEBHOOK, json={"sender": "a", "message": "hello"}, headers=headers
    ) as got:
        assert (got.status, got.headers["Access-Control-Allow-Origin"]) == (200, SHOP)
    async with http.options(
        server.address + WEBHOOK, headers={**headers, "Access-Control-Request-Method": "POST"}
    ) as preflight:
        assert preflight.status == 204
        assert preflight.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"


async def test_the_servers_own_page_may_chat(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    headers = {"Origin": server.address}
    async with http.ws_connect(server.address + "/ws?conversation=a", headers=headers) as socket:
        assert not socket.closed


async def test_another_name_of_a_local_server_is_refused_whatever_is_asked(
    start_server: StartServer, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server()

    for path in ("/", "/healthz", "/ws?conversation=a"):
        async with http.get(server.address + path, headers={"Host": "box:5005"}) as got:
            fault = await got.json()
            assert (got.status, fault["error"]) == (403, "foreign_host")

    assert "trilogue run --cors http://box:5005" in fault["message"]
    assert caplog.text.count("trilogue run --cors http://box:5005") == 1


async def test_a_refused_website_is_told_what_to_do_and_so_is_the_log(
    start_server: StartServer, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server()

    for _ in range(2):
        async with http.post(server.address + WEBHOOK, json={}, headers={"Origin": SHOP}) as got:
            assert f"trilogue run --cors {SHOP}" in (await got.json())["message"]

    assert caplog.text.count(f"trilogue run --cors {SHOP}") == 1
