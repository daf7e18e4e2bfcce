from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.conversations.store import ConversationStore
from assistant.dialogue.event_json import event_from_json
from assistant.dialogue.events import ActionDone, BotSaid, UserSaid
from assistant.errors import BotFileError, DataError
from assistant.export import TimeSpan, append_lines, broker_file, exported_events
from assistant.stored_conversations import StoredConversation, read_conversations

CHATS = [
    StoredConversation(
        id="anna",
        events=(
            UserSaid(text="hi", timestamp=10.0, parse_data={"intent": {"name": "greet"}}),
            BotSaid(text="Hello!", timestamp=12.0),
        ),
    ),
    StoredConversation(id="li", events=(ActionDone(name="utter_greet", timestamp=11.0),)),
]


def test_each_event_carries_its_sender_and_the_oldest_comes_first() -> None:
    found = list(exported_events(CHATS, TimeSpan()))

    assert [(each["sender_id"], each["event"], each["timestamp"]) for each in found] == [
        ("anna", "user", 10.0), ("li", "action", 11.0), ("anna", "bot", 12.0),
    ]  # fmt: skip
    assert event_from_json(found[0]) == CHATS[0].events[0]


def test_a_time_span_begins_with_its_start_and_ends_before_its_end() -> None:
    found = exported_events(CHATS, TimeSpan(start=11.0, end=12.0))

    assert [each["timestamp"] for each in found] == [11.0]
    with pytest.raises(DataError, match="later"):
        list(exported_events(CHATS, TimeSpan(start=5.0, end=5.0)))
    with pytest.raises(DataError, match="no event"):
        list(exported_events(CHATS, TimeSpan(start=100.0)))


def test_lines_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"

    append_lines([{"a": "你好"}], path)
    append_lines([{"b": 1}], path)

    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"a": "你好"}, {"b": 1},
    ]  # fmt: skip
    assert "你好" in path.read_text("utf-8")


def test_the_file_of_an_event_broker_is_found(tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("event_broker: {type: file, path: events.log}\n", encoding="utf-8")

    assert broker_file(endpoints) == tmp_path / "events.log"
    assert broker_file(tmp_path / "none.yml") is None
    endpoints.write_text("event_broker:\n  type: pika\n", encoding="utf-8")
    with pytest.raises(BotFileError, match=r"endpoints.yml:1: event_broker: pika"):
        broker_file(endpoints)


async def fill(path: Path) -> None:
    store = ConversationStore(path)
    await store.open()
    for name in ("li", "anna", "tom"):
        accepted = await store.accept(name, None, {"text": "hi"})
        event = UserSaid(text=f"hi from {name}")
        await store.finish(name, accepted.seq, epoch=0, events=[event], replies=[])
    await store.close()


def test_conversations_are_read_from_a_store(tmp_path: Path) -> None:
    import asyncio

    path = tmp_path / "chats.db"
    asyncio.run(fill(path))

    assert [each.id for each in read_conversations(path)] == ["anna", "li", "tom"]
    (one,) = read_conversations(path, ids=["li"])
    assert [e.text for e in one.events if isinstance(e, UserSaid)] == ["hi from li"]
    assert [each.id for each in read_conversations(path, choose=lambda ids: ids[:1])] == ["anna"]
    with pytest.raises(DataError, match="holds no conversation 'nobody'"):
        read_conversations(path, ids=["nobody"])
    with pytest.raises(DataError, match="no such store"):
        read_conversations(tmp_path / "gone.db")
