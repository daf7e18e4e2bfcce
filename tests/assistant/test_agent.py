from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from agents import MakeAgent, texts

from assistant.agent import LONGEST_MESSAGE, Listener, clean_message
from assistant.dialogue.events import (
    AgentSaid,
    Paused,
    Resumed,
    SlotSet,
)
from assistant.errors import RejectedMessage


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


async def test_an_intent_is_triggered_as_if_the_user_had_said_it(make_agent: MakeAgent) -> None:
    agent = make_agent()
    await agent.handle("x", "你好", channel="telegram")

    answer = await agent.trigger("x", "thank", {"order": "4711"})

    assert texts(answer) == ["不客气。"]  # in the language of the conversation
    assert answer.parse == {}
    tracker, _ = await agent.tracker("x")
    said = tracker.latest
    assert said is not None
    assert said.text == "EXTERNAL: thank"
    assert said.input_channel == "telegram"
    assert said.metadata["is_external"] is True
    assert said.parse_data["intent"] == {"name": "thank"}
    assert said.parse_data["entities"] == [{"entity": "order", "value": "4711"}]


async def test_an_intent_that_the_bot_lacks_is_refused(make_agent: MakeAgent) -> None:
    with pytest.raises(RejectedMessage, match="Did you mean 'thank'") as caught:
        await make_agent().trigger("x", "thankk")

    assert (caught.value.code, caught.value.status) == ("unknown_intent", 404)


async def test_a_paused_bot_records_and_is_silent_until_it_is_resumed(
    make_agent: MakeAgent,
) -> None:
    agent, other = make_agent(), make_agent()
    await agent.record("x", [Paused()])

    assert texts(await other.handle("x", "hello")) == []
    tracker = await other.record("x", [AgentSaid(text="Anna here."), Resumed()])

    assert [event.kind for event in tracker.events[3:]] == ["pause", "user", "agent", "resume"]
    assert texts(await agent.handle("x", "thanks")) == ["You are welcome."]


async def test_events_are_recorded_although_another_server_is_in_the_way(
    make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other = make_agent(), make_agent()
    finish = agent.store.finish
    disturbed = []

    async def finish_late(*values: Any, **named: Any) -> Any:  # noqa: ANN401
        if not disturbed:
            disturbed.append(await other.handle("x", "hello"))
        return await finish(*values, **named)

    monkeypatch.setattr(agent.store, "finish", finish_late)

    tracker = await agent.record("x", [SlotSet(name="order_number", value="1")])

    assert tracker.slots["order_number"] == "1"
    assert sum(event.kind == "session_started" for event in tracker.events) == 1


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
