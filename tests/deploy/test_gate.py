from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from assistant.component import ServerSettings
from deploy.gate import is_allowed
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
        assert preflight.headers["Access-Control-Allow-Headers"] == "Content-Type"


async def test_the_servers_own_page_may_chat(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    headers = {"Origin": server.address}
    async with http.ws_connect(server.address + "/ws?conversation=a", headers=headers) as socket:
        assert not socket.closed


@pytest.mark.parametrize(
    ("origin", "host", "cors", "allowed"),
    [
        pytest.param("http://127.0.0.1:5005", "127.0.0.1:5005", (), True, id="own"),
        pytest.param("http://localhost:5005", "localhost:5005", (), True, id="localhost"),
        pytest.param("http://localhost:7860", "localhost:5005", (), False, id="other-port"),
        pytest.param("http://evil.example", "evil.example", (), False, id="dns-rebinding"),
        pytest.param("null", "127.0.0.1:5005", (), False, id="sandboxed-page"),
        pytest.param("http://[", "127.0.0.1:5005", (), False, id="nonsense"),
        pytest.param(SHOP, "127.0.0.1:5005", (SHOP + "/",), True, id="named"),
        pytest.param(SHOP + ".evil.example", "127.0.0.1:5005", (SHOP,), False, id="longer-name"),
        pytest.param("https://any.example", "127.0.0.1:5005", ("*",), True, id="every-one"),
    ],
)
def test_which_origins_may_talk(
    origin: str, host: str, cors: tuple[str, ...], allowed: bool
) -> None:
    settings = ServerSettings(models=Path("models"), store="chats.db", cors=cors)

    assert is_allowed(origin, host, settings) is allowed
