from __future__ import annotations

import asyncio

import aiohttp
from sockets import Connect, Frame, StartServer, next_frame, say, texts, until

from deploy.limits import Limits


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
