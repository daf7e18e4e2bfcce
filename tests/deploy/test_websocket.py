from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from deploy.limits import Limits
from deploy.server import Server

StartServer = Callable[..., Awaitable[Server]]
Frame = dict[str, Any]
Socket = aiohttp.ClientWebSocketResponse
Connect = Callable[..., Awaitable[Socket]]


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


async def say(socket: Socket, text: str, message_id: str = "m1", **more: object) -> None:
    await socket.send_json({"type": "message", "id": message_id, "text": text, **more})


async def next_frame(socket: Socket) -> Frame:
    frame: Frame = json.loads(await socket.receive_str(timeout=5))
    return frame


async def until(socket: Socket, kind: str) -> list[Frame]:
    """Frames up to the first of a kind; ``typing-off`` is the end of a turn."""
    frames: list[Frame] = []
    while True:
        frames.append(await next_frame(socket))
        last = frames[-1]
        if last["type"] == kind or (kind == "typing-off" and last.get("on") is False):
            return frames


def texts(frames: list[Frame]) -> list[str]:
    return [frame["text"] for frame in frames if frame["type"] == "reply"]


async def test_a_turn_is_acknowledged_typed_answered_and_ended(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server())

    await say(socket, "hello")
    frames = await until(socket, "typing-off")

    assert [frame["type"] for frame in frames] == ["ack", "typing", "reply", "typing"]
    ack, typing, reply, _end = frames
    assert (ack["id"], typing["on"]) == ("m1", True)
    assert reply["reply_to"] == ack["seq"] < reply["seq"]
    assert reply["text"] == "Hello! What can I do for you?"
    assert reply["buttons"] == [{"title": "Where is my order?", "payload": "/order_status"}]
    assert (reply["source"], reply["name"], reply["language"]) == ("rule", "utter_greet", "en")
    assert reply["parse"]["intent"]["name"] == "greet"
    assert reply["parse"]["sentiment"]["label"] == "neutral"


async def test_tokens_add_up_to_the_reply(start_server: StartServer, connect: Connect) -> None:
    socket = await connect(await start_server())

    await say(socket, "tell me a story")
    frames = await until(socket, "typing-off")
    tokens = [frame for frame in frames if frame["type"] == "token"]

    assert len(tokens) > 3
    assert "".join(frame["text"] for frame in tokens) == texts(frames)[0]
    assert {frame["reply_to"] for frame in tokens} == {frames[0]["seq"]}


async def test_messages_of_one_conversation_are_answered_in_order(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server(generator={"seconds": 0.005}))
    said = ["tell me a story", "thanks", "hello", "opening hours", "bye"]

    for i, text in enumerate(said):
        await say(socket, text, f"m{i}")
    replies: list[Frame] = []
    while len(replies) < len(said):
        replies.append((await until(socket, "reply"))[-1])

    assert [reply["reply_to"] for reply in replies] == sorted(r["reply_to"] for r in replies)
    assert [reply["name"] for reply in replies[2:4]] == ["utter_greet", "utter_faq/hours"]


async def test_a_repeated_id_is_answered_from_the_store(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server())
    await say(socket, "tell me a story")
    first = await until(socket, "typing-off")

    await say(socket, "tell me a story")
    again = await until(socket, "typing-off")

    assert again[0] == first[0]  # the same acknowledgement
    assert texts(again) == texts(first)
    assert [frame["type"] for frame in again] == ["ack", "reply", "typing"]  # nothing is run


async def test_the_same_id_with_another_text_is_an_error(
    start_server: StartServer, connect: Connect
) -> None:
    socket = await connect(await start_server())
    await say(socket, "hello")
    await until(socket, "typing-off")

    await say(socket, "thanks")
    error = await next_frame(socket)

    assert (error["type"], error["code"], error["id"]) == ("error", "id_reused", "m1")


async def test_two_tabs_see_the_same_replies(start_server: StartServer, connect: Connect) -> None:
    server = await start_server()
    one, two = await connect(server), await connect(server)

    await say(one, "tell me a story")
    here, there = await until(one, "typing-off"), await until(two, "typing-off")

    assert here[1:] == there  # all but the acknowledgement
    assert len(texts(there)) == 1


async def test_a_message_over_rest_is_seen_by_an_open_socket(
    start_server: StartServer, connect: Connect, http: aiohttp.ClientSession
) -> None:
    server = await start_server()
    socket = await connect(server)

    body = {"sender": "c", "message": "thanks"}
    async with http.post(server.address + "/webhooks/rest/webhook", json=body):
        frames = await until(socket, "typing-off")

    assert texts(frames) == ["You are welcome."]


async def test_a_stop_ends_the_reply_early(start_server: StartServer, connect: Connect) -> None:
    socket = await connect(await start_server(generator={"words": 500, "seconds": 0.01}))
    await say(socket, "tell me a story")
    await until(socket, "token")

    await socket.send_json({"type": "stop"})
    frames = await until(socket, "typing-off")

    assert 0 < len(texts(frames)[0].split()) < 250


async def test_after_a_break_in_the_stream_the_whole_reply_comes_once(
    start_server: StartServer, connect: Connect
) -> None:
    server = await start_server(generator={"words": 30, "seconds": 0.01})
    first = await connect(server)
    await say(first, "tell me a story")
    await until(first, "token")
    await first.close()

    second = await connect(server)
    frames = await until(second, "typing-off")
    whole = "You said tell me a story" + " word" * 30

    assert texts(frames) == [whole]
    tokens = [frame for frame in frames if frame["type"] == "token"]
    assert tokens[0]["at"] == 0  # what was said so far, then the rest
    assert "".join(frame["text"] for frame in tokens) == whole


async def test_what_was_missed_is_replayed_and_nothing_else(
    start_server: StartServer, connect: Connect
) -> None:
    server = await start_server()
    first = await connect(server)
    await say(first, "hello", "m1")
    seen = (await until(first, "typing-off"))[2]["seq"]
    await say(first, "thanks", "m2")
    await until(first, "typing-off")
    await first.close()

    second = await connect(server, last_seq=seen)
    await say(second, "bye", "m3")
    frames = await until(second, "typing-off")

    assert texts(frames) == ["You are welcome.", "Goodbye."]


async def test_a_reply_for_nobody_ends_after_a_while(
    start_server: StartServer, connect: Connect
) -> None:
    server = await start_server(
        limits=Limits(away_seconds=0.1), generator={"words": 500, "seconds": 0.01}
    )
    socket = await connect(server)
    await say(socket, "tell me a story")
    await until(socket, "token")
    await socket.close()
    await asyncio.sleep(0.6)

    back = await connect(server)
    reply = await next_frame(back)

    assert reply["type"] == "reply"
    assert 0 < len(reply["text"].split()) < 100


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
