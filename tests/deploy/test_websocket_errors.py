from __future__ import annotations

import json

import aiohttp
import pytest
from sockets import Connect, StartServer, next_frame, say, texts, until

from deploy.limits import Limits


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param("{oops", "bad_json", id="no-json"),
        pytest.param("", "bad_json", id="empty"),
        pytest.param("[1, 2]", "not_object", id="no-object"),
        pytest.param('{"type": "dance"}', "unknown_type", id="unknown-type"),
        pytest.param('{"text": "hi"}', "unknown_type", id="no-type"),
        pytest.param('{"type": "message", "id": 5, "text": "hi"}', "bad_id", id="number-as-id"),
        pytest.param('{"type": "message", "id": "m", "text": ""}', "empty", id="empty-text"),
        pytest.param('{"type": "message", "id": "m"}', "not_text", id="no-text"),
        pytest.param(
            '{"type": "message", "id": "m", "text": "%s"}' % ("x" * 5000), "too_long", id="long"
        ),
        pytest.param("[" * 30_000, "bad_json", id="deep"),
        pytest.param(b"\x00\x01\x02", "binary", id="binary"),
    ],
)
async def test_a_bad_frame_gets_an_error_frame_and_the_socket_lives(
    start_server: StartServer, connect: Connect, raw: str | bytes, code: str
) -> None:
    socket = await connect(await start_server())

    if isinstance(raw, bytes):
        await socket.send_bytes(raw)
    else:
        await socket.send_str(raw)
    error = await next_frame(socket)
    await say(socket, "hello", "good")
    frames = await until(socket, "typing-off")

    assert (error["type"], error["code"]) == ("error", code)
    assert "\n" not in error["message"]
    assert len(texts(frames)) == 1


async def test_a_frame_that_is_too_large_names_its_message_and_the_socket_lives(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server())

    await say(socket, "x" * 70_000, "long")
    error = await next_frame(socket)
    await say(socket, "hello", "good")

    assert (error["type"], error["code"], error["id"]) == ("error", "too_large", "long")
    assert len(texts(await until(socket, "typing-off"))) == 1


@pytest.mark.parametrize(
    ("raw", "code", "status"),
    [
        pytest.param(b"x" * 300_000, "too_large", 1009, id="huge"),
        pytest.param("né".encode("latin-1"), "wrong_encoding", 1007, id="latin-1"),
    ],
)
async def test_a_frame_that_cannot_be_read_is_told_before_the_socket_closes(
    start_server: StartServer, connect: Connect, raw: bytes, code: str, status: int
) -> None:
    server = await start_server()
    socket = await connect(server)

    await socket.send_frame(raw, aiohttp.WSMsgType.TEXT)
    error = await next_frame(socket)
    closed = await socket.receive(timeout=5)
    other = await connect(server)
    await say(other, "hello")

    assert (error["type"], error["code"]) == ("error", code)
    assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, status)
    assert len(texts(await until(other, "typing-off"))) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": "message", "text": "x", "metadata": 7}, "bad_metadata"),
        ({"type": "dance"}, "unknown_type"),
        ({"type": "message", "text": "x", "metadata": {"x": float("nan")}}, "bad_json"),
    ],
)
async def test_an_error_names_the_message_that_it_concerns(
    start_server: StartServer, connect: Connect, fields: dict[str, object], code: str
) -> None:
    socket = await connect(await start_server())

    await socket.send_str(json.dumps({"id": "mine", **fields}))
    error = await next_frame(socket)

    assert (error["code"], error["id"]) == (code, "mine")


async def test_a_socket_that_sends_too_fast_is_told_so(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server(limits=Limits(burst=3, per_second=0.1)))

    for _ in range(3):
        await socket.send_json({"type": "stop"})
    await say(socket, "hello", "fourth")
    error = await next_frame(socket)

    assert (error["code"], error["id"], error["retry_after"]) == ("too_fast", "fourth", 1)


async def test_an_overloaded_server_answers_with_an_error_frame(
    start_server: StartServer, connect: Connect
) -> None:
    server = await start_server(limits=Limits(turns=1), generator={"seconds": 0.05})
    busy, other = await connect(server, "busy"), await connect(server, "other")
    await say(busy, "tell me a story")
    await until(busy, "token")

    await say(other, "hello")
    error = await next_frame(other)

    assert (error["code"], error["id"], error["retry_after"]) == ("overloaded", "m1", 1)
    await until(busy, "typing-off")
    await say(other, "hello")
    assert len(texts(await until(other, "typing-off"))) == 1


@pytest.mark.parametrize(
    "query", ["", "?conversation=", "?conversation=a&last_seq=x", "?conversation=a%00b"]
)
async def test_a_socket_without_a_proper_address_is_refused(
    start_server: StartServer, http: aiohttp.ClientSession, query: str
) -> None:
    server = await start_server()

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(server.address + "/ws" + query)

    assert refused.value.status == 400


async def test_a_failed_turn_is_told_and_can_be_sent_again(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server(understanding={"fails_on": "explode"}))

    await say(socket, "explode")
    frames = await until(socket, "error")
    await say(socket, "hello", "m2")
    after = await until(socket, "reply")

    assert (frames[-1]["code"], frames[-1]["id"]) == ("internal", "m1")
    assert after[-1]["name"] == "utter_greet"
