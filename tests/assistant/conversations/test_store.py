from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from postgres import running_postgres

from assistant.conversations.store import Conflict, ConversationStore
from assistant.dialogue.events import BotSaid, ReminderScheduled, SlotSet, UserSaid
from assistant.errors import RejectedMessage, StoreError


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with running_postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh place for conversations; conversations of other tests may stand in it too."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_address"))
    return str(tmp_path / "chats.db")


@pytest_asyncio.fixture
async def store(address: str) -> AsyncIterator[ConversationStore]:
    found = ConversationStore(address)
    await found.open()
    yield found
    await found.close()


@pytest.fixture
def chat(request: pytest.FixtureRequest) -> str:
    """A conversation that no other test has."""
    return str(request.node.name)


async def test_a_turn_gets_numbers_without_gaps(store: ConversationStore, chat: str) -> None:
    accepted = await store.accept(chat, "m1", {"text": "hi"})
    log = await store.read(chat)
    events = [UserSaid(text="hi"), BotSaid(text="hello")]
    done = await store.finish(
        chat, accepted.seq, epoch=log.epoch, events=events, replies=[{"text": "hello"}]
    )
    again = await store.accept(chat, "m2", {"text": "bye"})

    assert (accepted.seq, accepted.repeated, accepted.answered) == (1, False, False)
    assert [(reply.seq, reply.reply_to) for reply in done.replies] == [(4, 1)]
    assert done.last_seq == 5
    assert again.seq == 6
    assert (await store.read(chat)).events == events


async def test_a_repeated_message_id_gives_its_first_number_and_its_replies(
    store: ConversationStore, chat: str
) -> None:
    first = await store.accept(chat, "m1", {"text": "hi"})
    before = await store.accept(chat, "m1", {"text": "hi"})
    await store.finish(chat, first.seq, epoch=0, events=[], replies=[{"text": "hello"}])
    after = await store.accept(chat, "m1", {"text": "hi"})

    assert (before.seq, before.repeated, before.answered) == (first.seq, True, False)
    assert (after.seq, after.repeated, after.answered) == (first.seq, True, True)
    assert [r.body["text"] for r in await store.replies_to(chat, first.seq)] == ["hello"]


async def test_a_message_id_for_another_text_is_refused_with_409(
    store: ConversationStore, chat: str
) -> None:
    await store.accept(chat, "m1", {"text": "hi"})

    with pytest.raises(RejectedMessage) as caught:
        await store.accept(chat, "m1", {"text": "bye"})

    assert (caught.value.status, caught.value.code) == (409, "id_reused")


async def test_the_same_id_in_another_conversation_is_another_message(
    store: ConversationStore, chat: str
) -> None:
    await store.accept(chat, "m1", {"text": "hi"})

    assert not (await store.accept(f"{chat}-2", "m1", {"text": "bye"})).repeated


async def test_messages_without_an_id_are_all_new(store: ConversationStore, chat: str) -> None:
    numbers = [(await store.accept(chat, None, {"text": "hi"})).seq for _ in range(3)]

    assert numbers == [1, 2, 3]


async def test_of_two_turns_that_read_the_same_state_the_second_conflicts(
    store: ConversationStore, chat: str
) -> None:
    one = await store.accept(chat, "m1", {"text": "a"})
    two = await store.accept(chat, "m2", {"text": "b"})
    epoch = (await store.read(chat)).epoch
    await store.finish(chat, one.seq, epoch=epoch, events=[SlotSet(name="a")], replies=[])

    with pytest.raises(Conflict):
        await store.finish(chat, two.seq, epoch=epoch, events=[SlotSet(name="b")], replies=[])

    log = await store.read(chat)
    assert [e.name for e in log.events if isinstance(e, SlotSet)] == ["a"]  # nothing of it stands
    await store.finish(chat, two.seq, epoch=log.epoch, events=[SlotSet(name="b")], replies=[])


async def test_a_message_that_arrives_during_a_turn_does_not_disturb_it(
    store: ConversationStore, chat: str
) -> None:
    one = await store.accept(chat, "m1", {"text": "a"})
    epoch = (await store.read(chat)).epoch
    two = await store.accept(chat, "m2", {"text": "b"})

    done = await store.finish(chat, one.seq, epoch=epoch, events=[], replies=[{"text": "A"}])

    assert two.seq < done.replies[0].seq


async def test_no_message_is_answered_twice(store: ConversationStore, chat: str) -> None:
    one = await store.accept(chat, "m1", {"text": "a"})
    await store.finish(chat, one.seq, epoch=0, events=[], replies=[{"text": "A"}])

    with pytest.raises(Conflict):
        await store.finish(chat, one.seq, epoch=1, events=[], replies=[{"text": "A again"}])

    assert await store.is_answered(chat, one.seq)
    assert [r.body["text"] for r in await store.replies_after(chat, 0)] == ["A"]


async def test_a_client_that_was_away_gets_what_it_missed_in_order(
    store: ConversationStore, chat: str
) -> None:
    for i, text in enumerate(["a", "b", "c"]):
        accepted = await store.accept(chat, text, {"text": text})
        await store.finish(chat, accepted.seq, epoch=i, events=[], replies=[{"text": text.upper()}])
    every = await store.replies_after(chat, 0)

    missed = await store.replies_after(chat, every[0].seq)

    assert [reply.body["text"] for reply in missed] == ["B", "C"]
    assert await store.replies_after(chat, every[-1].seq) == []


async def test_what_was_accepted_and_never_answered_is_found_oldest_first(
    store: ConversationStore, chat: str
) -> None:
    answered = await store.accept(chat, "m1", {"text": "a"})
    await store.finish(chat, answered.seq, epoch=0, events=[], replies=[])
    open_one = await store.accept(chat, "m2", {"text": "b"})
    other = await store.accept(f"{chat}-2", "m1", {"text": "c"})

    pending = [each for each in await store.unanswered() if each[0].startswith(chat)]

    assert [(conversation, seq, body["text"]) for conversation, seq, body in pending] == [
        (chat, open_one.seq, "b"),
        (f"{chat}-2", other.seq, "c"),
    ]


async def test_two_stores_on_one_place_lose_nothing_and_leave_no_gap(
    store: ConversationStore, address: str, chat: str
) -> None:
    other = ConversationStore(address)
    await other.open()

    async def write(which: ConversationStore, name: str) -> None:
        for i in range(15):
            accepted = await which.accept(chat, f"{name}{i}", {"text": f"{name}{i}"})
            while True:
                epoch = (await which.read(chat)).epoch
                try:
                    event = SlotSet(name=f"{name}{i}")
                    await which.finish(
                        chat, accepted.seq, epoch=epoch, events=[event], replies=[{"text": "ok"}]
                    )
                except Conflict:
                    continue
                break

    try:
        await asyncio.gather(write(store, "a"), write(other, "b"))
        log = await store.read(chat)
        replies = await store.replies_after(chat, 0)
    finally:
        await other.close()

    names = [event.name for event in log.events if isinstance(event, SlotSet)]
    assert sorted(names) == sorted(f"{name}{i}" for name in "ab" for i in range(15))
    assert len({reply.reply_to for reply in replies}) == 30
    assert log.epoch == 30
    assert (await store.accept(chat, None, {"text": "next"})).seq == 30 * 4 + 1


async def test_many_clients_that_send_the_same_id_at_once_store_it_once(
    store: ConversationStore, chat: str
) -> None:
    found = await asyncio.gather(*(store.accept(chat, "m1", {"text": "hi"}) for _ in range(8)))

    assert {each.seq for each in found} == {1}
    assert sum(not each.repeated for each in found) == 1


async def test_sqlite_writes_ahead_and_keeps_conversations_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    store = ConversationStore(path)
    await store.open()
    await store.accept("x", "m1", {"text": "hi"})
    await store.close()

    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    again = ConversationStore(path)
    await again.open()
    assert (await again.accept("x", "m1", {"text": "hi"})).repeated
    await again.close()


REMINDER = ReminderScheduled(name="r", intent="remind", date_time="2030-01-01T00:00:00+00:00")
SOONER = ReminderScheduled(name="s", intent="remind", date_time="2029-01-01T00:00:00+00:00")


async def test_pending_reminders_are_found_again_the_first_due_first(
    store: ConversationStore, address: str, chat: str
) -> None:
    one = await store.accept(chat, None, {"text": "a"})
    await store.finish(chat, one.seq, epoch=0, events=[REMINDER], reminders=[REMINDER, SOONER])
    two = await store.accept(chat, None, {"text": "b"})
    await store.finish(chat, two.seq, epoch=1, events=[])  # says nothing of reminders

    again = ConversationStore(address)
    found = [each for name, each in await again.reminders() if name == chat]
    await again.close()
    three = await store.accept(chat, None, {"text": "c"})
    await store.finish(chat, three.seq, epoch=2, events=[], reminders=[])

    assert found == [SOONER, REMINDER]
    assert [name for name, _ in await store.reminders() if name == chat] == []


async def test_events_may_come_without_a_message_even_to_a_new_conversation(
    store: ConversationStore, chat: str
) -> None:
    await store.finish(chat, None, epoch=0, events=[SlotSet(name="a", value=1)])
    with pytest.raises(Conflict):
        await store.finish(chat, None, epoch=0, events=[SlotSet(name="a", value=2)])

    log = await store.read(chat)

    assert (log.events, log.epoch) == ([SlotSet(name="a", value=1)], 1)
    assert chat in await store.conversations()
    assert chat not in [name for name, _, _ in await store.unanswered()]
    assert (await store.accept(chat, None, {"text": "hi"})).seq == 2


EARLIER = """
CREATE TABLE conversation (
    id VARCHAR(255) NOT NULL, next_seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
    updated_at FLOAT NOT NULL, PRIMARY KEY (id));
CREATE TABLE event (
    conversation_id VARCHAR(255) NOT NULL, seq INTEGER NOT NULL, kind VARCHAR(16) NOT NULL,
    client_message_id VARCHAR(255), reply_to INTEGER, payload JSON NOT NULL,
    created_at FLOAT NOT NULL, PRIMARY KEY (conversation_id, seq),
    UNIQUE (conversation_id, client_message_id),
    FOREIGN KEY(conversation_id) REFERENCES conversation (id));
INSERT INTO conversation VALUES ('x', 8, 1, 5.0);
INSERT INTO event VALUES
    ('x', 1, 'message', 'm1', NULL, '{"text": "hi"}', 5.0),
    ('x', 2, 'event', NULL, 1, '{"event": "user", "timestamp": 5.0, "text": "hi",
        "parse_data": {"intent": {"name": "greet"}}, "input_channel": "rest",
        "message_id": "m1", "metadata": {"language": "en"}}', 5.0),
    ('x', 3, 'event', NULL, 1, '{"event": "reminder", "intent": "later"}', 5.0),
    ('x', 4, 'event', NULL, 1, '{"event": "action", "timestamp": 5.0, "name": "utter_greet",
        "policy": "RulePolicy", "confidence": 1.0, "hide_rule_turn": true}', 5.0),
    ('x', 5, 'event', NULL, 1, '{"event": "bot", "timestamp": 5.0, "text": "hello", "data": {},
        "metadata": {}}', 5.0),
    ('x', 6, 'reply', NULL, 1, '{"text": "hello"}', 5.0),
    ('x', 7, 'done', NULL, 1, '{}', 5.0);
"""


async def test_a_store_of_an_earlier_version_is_read_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(EARLIER)
    connection.close()

    store = ConversationStore(f"sqlite+aiosqlite:///{path}")
    await store.open()
    log = await store.read("x")
    again = await store.accept("x", "m1", {"text": "hi"})
    after = await store.accept("x", "m2", {"text": "bye"})
    await store.finish("x", after.seq, epoch=1, events=[], replies=[], reminders=[REMINDER])
    replies = await store.replies_after("x", 0)
    await store.close()

    assert [event.kind for event in log.events] == ["user", "other", "action", "bot"]
    assert log.events[0].timestamp == 5.0
    assert (again.repeated, again.answered, after.seq) == (True, True, 8)
    assert [reply.body["text"] for reply in replies] == ["hello"]


async def test_a_damaged_file_is_told_in_one_line_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    path.write_bytes(b"no database at all" * 100)

    with pytest.raises(StoreError) as told:
        await ConversationStore(path).open()

    assert str(told.value) == (
        f"{path}: cannot be opened (file is not a database). "
        "Move the file away, or name another one: --store FILE"
    )


async def test_a_folder_that_is_missing_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"unable to open .*\. Name another file: --store FILE$"):
        await ConversationStore(tmp_path / "no" / "chats.db").open()


def test_a_database_of_an_unknown_kind_is_told_without_its_password() -> None:
    with pytest.raises(StoreError, match=r"^nodb://me:\*\*\*@here/x: cannot be opened"):
        ConversationStore("nodb://me:secret@here/x")
