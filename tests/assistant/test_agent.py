from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fakes import FakeGenerator, FakeTranslator, fake_understanding_of

from assistant.agent import LONGEST_MESSAGE, Agent, Listener, clean_message
from assistant.assembly import build_engine, fallback_of
from assistant.bot import load_bot
from assistant.conversations.store import ConversationStore
from assistant.dialogue.events import SlotSet
from assistant.errors import RejectedMessage
from assistant.messages import Turn
from assistant.models import DirectModels, Reading

TINY = Path(__file__).parent.parent / "bots" / "tiny"


@dataclass(kw_only=True)
class SlowModels(DirectModels):
    """Wait before each message is understood, as long as the message says."""

    waits: dict[str, float] = field(default_factory=dict)

    async def understand(self, text: str) -> Turn:
        await asyncio.sleep(self.waits.get(text, 0.0))
        return await super().understand(text)


MakeAgent = Callable[..., Agent]


@pytest_asyncio.fixture
async def make_agent(tmp_path: Path) -> AsyncIterator[MakeAgent]:
    """Give a function that makes agents; all of them share one store's file."""
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root)
    stores: list[ConversationStore] = []
    first = ConversationStore(tmp_path / "chats.db")
    await first.open()

    def make(**waits: float) -> Agent:
        bot = load_bot(root)
        reading = Reading(
            understanding=fake_understanding_of(bot),
            languages=bot.languages,
            translator=FakeTranslator(),
            fallback=fallback_of(bot),
        )
        store = ConversationStore(tmp_path / "chats.db")
        stores.append(store)
        models = SlowModels(reading=reading, generator=FakeGenerator(), waits=waits)
        return Agent(bot, models, build_engine(bot, seed=0), store)

    yield make
    for store in [first, *stores]:
        await store.close()


def texts(answer: Any) -> list[str]:  # noqa: ANN401
    return [reply.body["text"] for reply in answer.replies]


async def test_a_conversation_with_a_form_goes_on_over_a_restart_of_the_server(
    make_agent: MakeAgent,
) -> None:
    agent = make_agent()
    assert texts(await agent.handle("x", "hello")) == ["Hello! What can I do for you?"]
    assert texts(await agent.handle("x", "where is my order")) == ["What is your order number?"]

    again = make_agent()

    assert texts(await again.handle("x", "it is 4711")) == ["Order 4711 is on its way."]


async def test_a_chinese_message_is_answered_in_chinese(make_agent: MakeAgent) -> None:
    agent = make_agent()

    written = await agent.handle("x", "你好")
    translated = await agent.handle("x", "谢谢")

    assert texts(written) == ["你好！有什么可以帮您？"]  # the author's own words
    assert texts(translated) == ["不客气。"]
    assert written.replies[0].body["language"] == "zh"
    assert written.parse["pivot"] == "hello"


async def test_a_repeated_message_id_is_answered_from_the_store(make_agent: MakeAgent) -> None:
    agent = make_agent()
    first = await agent.handle("x", "hello", message_id="m1")

    again = await make_agent().handle("x", "hello", message_id="m1")

    assert again.replies == first.replies
    assert again.parse == {}
    assert len(await agent.store.replies_after("x", 0)) == 1


async def test_messages_of_one_conversation_are_answered_in_order_and_others_do_not_wait(
    make_agent: MakeAgent,
) -> None:
    agent = make_agent(hello=0.3)
    order: list[str] = []

    async def send(conversation: str, text: str) -> None:
        await agent.handle(conversation, text)
        order.append(f"{conversation} {text}")

    first = asyncio.create_task(send("x", "hello"))
    await asyncio.sleep(0.05)
    await asyncio.gather(first, send("x", "thanks"), send("y", "thanks"))

    assert order == ["y thanks", "x hello", "x thanks"]


async def test_many_messages_during_one_slow_turn_are_all_answered(make_agent: MakeAgent) -> None:
    agent = make_agent(hello=0.1)

    answers = await asyncio.gather(*(agent.handle("x", "hello") for _ in range(12)))

    assert all(texts(answer) == ["Hello! What can I do for you?"] for answer in answers)
    assert (await agent.store.read("x")).epoch == 12


async def test_a_turn_that_another_server_overtook_is_run_again(make_agent: MakeAgent) -> None:
    slow, fast = make_agent(thanks=0.2), make_agent()
    await fast.handle("x", "hello")

    behind = asyncio.create_task(slow.handle("x", "thanks", message_id="slow"))
    await asyncio.sleep(0.05)
    await fast.handle("x", "where is my order")
    answer = await behind

    assert len(answer.replies) == 1
    tracker, epoch = await make_agent().tracker("x")
    assert epoch == 3
    assert tracker.loop == "order_form"  # the overtaking turn is not lost


async def test_a_conflict_between_reading_and_writing_is_tried_again(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other = make_agent(), make_agent()
    play = agent.play
    disturbed = []

    async def play_and_be_disturbed(*values: Any) -> Any:  # noqa: ANN401
        outcome = await play(*values)
        if not disturbed:
            disturbed.append(await other.handle("x", "hello"))
        return outcome

    monkeypatch.setattr(agent, "play", play_and_be_disturbed)

    answer = await agent.handle("x", "thanks")

    assert texts(answer) == ["You are welcome."]
    assert (await agent.store.read("x")).epoch == 2


async def test_what_a_crash_left_open_is_answered_once_at_the_next_start(
    make_agent: MakeAgent,
) -> None:
    agent = make_agent()
    body = {"text": "hello", "channel": "rest", "metadata": {}, "id": "m1"}
    await agent.store.accept("x", "m1", body)

    counted = await asyncio.gather(make_agent().recover(), make_agent().recover())

    assert sum(counted) >= 1
    stored = await agent.store.replies_after("x", 0)
    assert [reply.body["text"] for reply in stored] == ["Hello! What can I do for you?"]
    assert await agent.store.unanswered() == []


async def test_a_streamed_reply_comes_in_pieces_and_is_stored_whole(make_agent: MakeAgent) -> None:
    agent = make_agent()
    pieces: list[str] = []

    def on_text(piece: str) -> bool:
        pieces.append(piece)
        return False

    answer = await agent.handle("x", "tell me a story", listener=Listener(on_text=on_text))

    assert "".join(pieces) == texts(answer)[0]
    assert answer.replies[0].body["source"] == "generator"


async def test_a_failing_model_loses_no_conversation(make_agent: MakeAgent) -> None:
    agent = make_agent()
    await agent.handle("x", "where is my order")
    reading = agent.models.reading  # type: ignore[attr-defined]
    working = reading.understanding
    reading.understanding = replace(working, fails_on="4711")
    with pytest.raises(RuntimeError):
        await agent.handle("x", "it is 4711", message_id="m2")
    reading.understanding = working

    answer = await agent.handle("x", "it is 4711", message_id="m2")

    assert texts(answer) == ["Order 4711 is on its way."]


async def test_a_new_session_begins_after_a_long_silence_and_carries_slots_over(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent()
    await agent.handle("x", "where is my order")
    tracker, _ = await agent.tracker("x")
    assert tracker.loop == "order_form"
    later = tracker.events[-1].timestamp + 61 * 60
    monkeypatch.setattr("assistant.agent.time.time", lambda: later)

    answer = await agent.handle("x", "thanks")

    assert texts(answer) == ["You are welcome."]
    fresh, _ = await agent.tracker("x")
    assert fresh.loop is None
    assert sum(event.kind == "session_started" for event in fresh.events) == 1


async def test_slots_may_be_lost_with_the_session(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent()
    await agent.handle("x", "it is 4711")
    agent.bot.domain.carry_over = False
    tracker, _ = await agent.tracker("x")
    later = tracker.events[-1].timestamp + 61 * 60
    monkeypatch.setattr("assistant.agent.time.time", lambda: later)

    await agent.handle("x", "thanks")

    fresh, _ = await agent.tracker("x")
    assert fresh.slots["order_number"] is None
    assert any(isinstance(event, SlotSet) for event in fresh.events)  # the past is kept


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        pytest.param(None, "not_text", 400, id="nothing"),
        pytest.param(5, "not_text", 400, id="number"),
        pytest.param(b"hi", "not_text", 400, id="bytes"),
        pytest.param("", "empty", 400, id="empty"),
        pytest.param(" \n\t ", "empty", 400, id="blank"),
        pytest.param("\x00\x07", "empty", 400, id="control-characters"),
        pytest.param("x" * (LONGEST_MESSAGE + 1), "too_long", 413, id="huge"),
        pytest.param("\ud800", "not_unicode", 400, id="lone-surrogate"),
    ],
)
async def test_a_message_that_cannot_be_taken_leaves_no_trace(
    text: object, code: str, status: int, make_agent: MakeAgent
) -> None:
    agent = make_agent()

    with pytest.raises(RejectedMessage) as caught:
        await agent.handle("x", text)

    assert (caught.value.code, caught.value.status) == (code, status)
    assert (await agent.store.read("x")).events == []


def test_a_message_is_brought_into_nfc_without_control_characters() -> None:
    assert clean_message(" cafe\u0301\x00 ") == "caf\u00e9"
