"""Reminders come to whoever listens, from a server that was started anew too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone

import aiohttp
import pytest

from assistant.dialogue.events import Paused, ReminderCancelled, ReminderScheduled
from assistant.errors import RejectedMessage
from assistant.external_intent import ExternalIntent
from deploy.client import ChatClient
from deploy.server import Server
from deploy.turns import Message, Turns

StartServer = Callable[..., Awaitable[Server]]
OpenChat = Callable[..., Awaitable[ChatClient]]


def remind(*, seconds: float, kill: bool = False) -> ReminderScheduled:
    due = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return ReminderScheduled(
        name="r", intent="thank", date_time=due.isoformat(), kill_on_user_msg=kill
    )


def turns_of(server: Server) -> Turns:
    return server.service.ready_turns()


async def test_a_reminder_comes_at_its_time_to_every_open_socket(
    start_server: StartServer, chat: OpenChat
) -> None:
    server = await start_server()
    tabs = [await chat(server), await chat(server)]
    await tabs[0].ask("hello")
    await asyncio.wait_for(tabs[1].others.get(), 5)

    await turns_of(server).agent.record("c", [remind(seconds=0.1)])

    for tab in tabs:
        frame = await asyncio.wait_for(tab.others.get(), 5)
        assert (frame["type"], frame["text"]) == ("reply", "You are welcome.")


async def test_a_reminder_is_not_lost_when_the_server_ends_before_its_time(
    start_server: StartServer, chat: OpenChat
) -> None:
    first = await start_server()
    await turns_of(first).agent.record("c", [remind(seconds=0.5)])
    await first.stop()
    await asyncio.sleep(0.6)

    second = await start_server()
    listener = await chat(second)
    frame = await asyncio.wait_for(listener.others.get(), 5)

    assert frame["text"] == "You are welcome."
    assert await turns_of(second).agent.store.reminders() == []


async def test_a_message_of_the_user_or_a_cancellation_stops_it(
    start_server: StartServer, chat: OpenChat
) -> None:
    server = await start_server()
    agent = turns_of(server).agent
    await agent.record("c", [remind(seconds=0.3, kill=True)])
    await agent.record("d", [remind(seconds=0.3)])
    await agent.record("d", [ReminderCancelled(intent="thank")])

    client = await chat(server)
    await client.ask("hello")
    await asyncio.sleep(0.5)

    assert len(await agent.store.replies_after("c", 0)) == 1
    assert await agent.store.replies_after("d", 0) == []


async def test_a_paused_bot_is_reminded_and_says_nothing(start_server: StartServer) -> None:
    server = await start_server()
    agent = turns_of(server).agent

    await agent.record("c", [Paused(), remind(seconds=0)])
    await asyncio.sleep(0.2)

    tracker, _ = await agent.tracker("c")
    assert tracker.events[-1].kind == "user"
    assert tracker.reminders == {}


async def test_a_triggered_intent_is_answered_like_a_message(
    start_server: StartServer, chat: OpenChat
) -> None:
    server = await start_server()
    listener = await chat(server)

    message = Message(conversation="c", external=ExternalIntent(intent="thank"))
    answer = await (await turns_of(server).begin(message))
    frame = await asyncio.wait_for(listener.others.get(), 5)
    with pytest.raises(RejectedMessage, match="no intent is called 'thankk'"):
        await turns_of(server).begin(
            Message(conversation="c", external=ExternalIntent(intent="thankk"))
        )

    assert [reply.seq for reply in answer.replies] == [frame["seq"]]
    assert frame["text"] == "You are welcome."


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"action", "session_started", "user", "bot"}),
        ("?include_events=ALL", {"action", "session_started", "user", "bot"}),
        ("?include_events=applied", {"action", "user", "bot"}),
        ("?include_events=AFTER_RESTART", {"action", "session_started", "user", "bot"}),
        ("?until=1", set()),
    ],
)
async def test_a_conversation_is_told_as_far_as_one_asks(
    start_server: StartServer, http: aiohttp.ClientSession, query: str, kinds: set[str]
) -> None:
    server = await start_server(api=True)
    await turns_of(server).agent.handle("c", "hello")

    async with http.get(f"{server.address}/conversations/c/tracker{query}") as got:
        body = await got.json()

    assert {event["event"] for event in body["events"]} == kinds


@pytest.mark.parametrize("query", ["include_events=SOME", "until=now"])
async def test_a_wrong_wish_is_refused(
    start_server: StartServer, http: aiohttp.ClientSession, query: str
) -> None:
    server = await start_server(api=True)

    async with http.get(f"{server.address}/conversations/c/tracker?{query}") as got:
        body = await got.json()

    assert (got.status, body["error"]) == (400, f"bad_{query.split('=', maxsplit=1)[0]}")


async def test_no_events_are_told_where_none_are_asked_for(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server(api=True)
    await turns_of(server).agent.handle("c", "hello")

    async with http.get(f"{server.address}/conversations/c/tracker?include_events=NONE") as got:
        body = await got.json()

    assert body["events"] is None
    assert body["latest_action_name"] == "action_listen"
