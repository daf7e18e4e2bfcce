"""A real server with a small real bot and models without weights."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import fakes
import pytest
from sockets import Connect, Socket

from assistant.component import ServerSettings
from assistant.training import train_bot
from deploy.client import ChatClient
from deploy.limits import Limits
from deploy.server import Server

TINY = Path(__file__).parent.parent / "bots" / "tiny"
StartServer = Callable[..., Awaitable[Server]]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tiny bot's trained model."""
    fakes.install(set_part=monkeypatch.setattr)
    train_bot(TINY, out=tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
async def start_server(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StartServer]:
    """Starts servers on free ports; ``generator`` and ``understanding`` are the fakes' options."""
    servers: list[Server] = []

    async def start(
        *,
        limits: Limits | None = None,
        generator: dict[str, Any] | None = None,
        understanding: dict[str, Any] | None = None,
        **settings: Any,  # noqa: ANN401
    ) -> Server:
        fakes.install(
            generator=generator, understanding=understanding, set_part=monkeypatch.setattr
        )
        values = {"models": models, "store": tmp_path / "chats.db", "port": 0, **settings}
        server = Server(ServerSettings(**values), limits)
        servers.append(server)
        await server.start()
        return server

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def chat() -> AsyncIterator[Callable[..., Awaitable[ChatClient]]]:
    """Opens chats; closes them after the test."""
    clients: list[ChatClient] = []

    async def open_chat(server: Server, conversation: str = "c", **options: Any) -> ChatClient:  # noqa: ANN401
        client = ChatClient(server.address, conversation, **options)
        await client.connect()
        clients.append(client)
        return client

    yield open_chat
    for client in clients:
        await client.close()


@pytest.fixture
async def connect(http: aiohttp.ClientSession) -> AsyncIterator[Connect]:
    sockets: list[Socket] = []

    async def open_socket(server: Server, conversation: str = "c", last_seq: int = 0) -> Socket:
        query = {"conversation": conversation, "last_seq": str(last_seq)}
        socket = await http.ws_connect(server.address + "/ws", params=query)
        sockets.append(socket)
        return socket

    yield open_socket
    for socket in sockets:
        await socket.close()
