from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from assistant.errors import TrilogueError
from deploy.client import ChatClient
from deploy.limits import Limits
from deploy.server import Server

StartServer = Callable[..., Awaitable[Server]]
OpenChat = Callable[..., Awaitable[ChatClient]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_message_yields_its_frames_and_ends(
    start_server: StartServer, chat: OpenChat
) -> None:
    client = await chat(await start_server())

    kinds = [frame["type"] async for frame in client.send("hello")]

    assert kinds == ["ack", "typing", "reply", "typing"]
    assert [reply["text"] for reply in await client.ask("thanks")] == ["You are welcome."]


async def test_two_messages_at_once_get_their_own_replies(
    start_server: StartServer, chat: OpenChat
) -> None:
    client = await chat(await start_server())

    greeted, told = await asyncio.gather(client.ask("hello"), client.ask("tell me a story"))

    assert [reply["name"] for reply in greeted] == ["utter_greet"]
    assert [reply["name"] for reply in told] == ["action_generate_reply"]


async def test_a_refused_message_ends_with_the_error(
    start_server: StartServer, chat: OpenChat
) -> None:
    client = await chat(await start_server())

    frames = [frame async for frame in client.send("  ")]

    assert [frame["code"] for frame in frames] == ["empty"]
    with pytest.raises(TrilogueError, match="empty"):
        await client.ask("")


async def test_a_message_that_is_too_large_is_given_up(
    start_server: StartServer, chat: OpenChat
) -> None:
    client = await chat(await start_server())

    frames = [frame async for frame in client.send("hi", metadata={"x": "y" * 100_000})]

    assert frames[-1]["code"] == "too_large"
    assert len(await client.ask("hello")) == 1  # connected again


async def test_what_was_missed_comes_among_the_others(
    start_server: StartServer, chat: OpenChat
) -> None:
    server = await start_server()
    first = await chat(server)
    await first.ask("hello")

    second = await chat(server)
    missed = await asyncio.wait_for(second.others.get(), 5)

    assert missed["name"] == "utter_greet"
    assert second.last_seq == missed["seq"]


async def test_a_restart_in_mid_stream_is_survived_and_nothing_comes_twice(
    start_server: StartServer, chat: OpenChat
) -> None:
    port = free_port()
    first = await start_server(
        port=port,
        generator={"words": 400, "seconds": 0.02},
        limits=Limits(drain_seconds=0.1),
    )
    client = await chat(first)
    frames = []

    async def listen() -> None:
        async for frame in client.send("tell me a story"):
            frames.append(frame)  # noqa: PERF401 - what came before a fault counts too

    listening = asyncio.create_task(listen())
    while not any(frame["type"] == "token" for frame in frames):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await first.stop()
    await start_server(port=port, generator={"words": 2})
    await asyncio.wait_for(listening, 10)

    replies = [frame for frame in frames if frame["type"] == "reply"]
    assert [reply["text"] for reply in replies] == ["You said tell me a story word word"]
    assert [frame["type"] for frame in frames].count("ack") == 1
    assert frames[-1]["type"] == "typing"


async def test_a_failed_turn_ends_with_the_error(start_server: StartServer, chat: OpenChat) -> None:
    client = await chat(await start_server(understanding={"fails_on": "explode"}))

    frames = [frame async for frame in client.send("explode")]

    assert [frame["type"] for frame in frames] == ["ack", "typing", "error"]
    assert len(await client.ask("hello")) == 1


async def test_a_server_that_is_not_there_is_one_line() -> None:
    client = ChatClient(f"http://127.0.0.1:{free_port()}", patience=0.1)

    with pytest.raises(TrilogueError, match="no chat server answers"):
        await client.connect()
