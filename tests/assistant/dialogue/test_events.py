"""Each event in Rasa's JSON, both ways. The bodies are what Rasa 3.6.21's ``as_dict`` gives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.dialogue.event_json import KINDS, event_from_json, stored_event
from assistant.dialogue.events import (
    ActionDone,
    Event,
    LoopActive,
    LoopInterrupted,
    OtherEvent,
    ReminderCancelled,
    ReminderScheduled,
    UserSaid,
)
from assistant.errors import EventError

PARSE = {
    "intent": {"name": "greet"},
    "entities": [{"entity": "a", "value": 1}],
    "text": "hi",
    "message_id": "m",
    "metadata": {"k": 1},
}
AS_RASA_WRITES_IT: list[dict[str, Any]] = [
    {
        "event": "user", "metadata": {"k": 1}, "text": "hi", "parse_data": PARSE,
        "input_channel": "rest", "message_id": "m",
    },
    {"event": "bot", "text": "x", "data": {"buttons": None}, "metadata": {}},
    {"event": "slot", "name": "a", "value": 1},
    {"event": "slot", "name": "a", "value": None},
    {
        "event": "action", "name": "x", "policy": "P", "confidence": 0.5, "action_text": None,
        "hide_rule_turn": False,
    },
    {
        "event": "action", "name": None, "policy": None, "confidence": None,
        "action_text": "hello", "hide_rule_turn": False,
    },
    {"event": "restart"},
    {"event": "rewind"},
    {"event": "reset_slots"},
    {
        "event": "reminder", "intent": "i", "date_time": "2026-01-01T00:00:00+00:00",
        "entities": {"a": 1}, "name": "n", "kill_on_user_msg": True,
    },
    {"event": "undo"},
    {"event": "followup", "name": "f"},
    {"event": "pause"},
    {"event": "resume"},
    {"event": "agent", "text": "x", "data": {"a": 1}},
    {"event": "active_loop", "name": "f"},
    {"event": "active_loop", "name": None},
    {"event": "loop_interrupted", "is_interrupted": True},
    {"event": "action_execution_rejected", "name": "f", "policy": "P", "confidence": 1.0},
    {"event": "session_started", "metadata": {"m": 1}},
    {"event": "entities", "entities": [{"entity": "a", "value": 1}]},
    {"event": "user_featurization", "use_text_for_featurization": True},
]  # fmt: skip
AS_ACTIONS_WRITE_IT: list[dict[str, Any]] = [
    {"event": "cancel_reminder", "name": "n", "intent": "i", "entities": {"a": 1}},
    {"event": "export", "path": "stories.yml"},
]


@pytest.mark.parametrize(
    "body", [*AS_RASA_WRITES_IT, *AS_ACTIONS_WRITE_IT], ids=lambda body: str(body["event"])
)
def test_an_event_keeps_its_json_on_the_way_in_and_out(body: dict[str, Any]) -> None:
    whole = {**body, "timestamp": 5.0}

    event = event_from_json(json.loads(json.dumps(whole)))

    assert event.as_json() == whole
    assert event_from_json(event.as_json()) == event
    assert event.timestamp == 5.0


def test_every_event_type_of_rasa_is_read() -> None:
    tested = {str(body["event"]) for body in [*AS_RASA_WRITES_IT, *AS_ACTIONS_WRITE_IT]}

    assert set(KINDS) == tested | {"form", "form_validation"}
    assert len(KINDS) == 23


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"event": "form", "name": "f"}, LoopActive(name="f")),
        ({"event": "form", "name": None}, LoopActive(name=None)),
        ({"event": "form_validation", "validate": True}, LoopInterrupted(is_interrupted=False)),
        ({"event": "form_validation", "validate": False}, LoopInterrupted(is_interrupted=True)),
        ({"event": "loop_interrupted"}, LoopInterrupted(is_interrupted=False)),
        ({"event": "action", "action_text": "hi"}, ActionDone(name="say:hi")),
    ],
)
def test_old_names_and_left_out_fields_are_read_as_rasa_does(
    old: dict[str, Any], new: Event
) -> None:
    assert event_from_json(old) == new


def test_a_message_without_a_parse_result_gets_an_empty_one() -> None:
    event = event_from_json({"event": "user", "text": "hi", "message_id": "m"})

    assert isinstance(event, UserSaid)
    assert event.parse_data == {
        "intent": {}, "entities": [], "text": "hi", "message_id": "m", "metadata": {},
    }  # fmt: skip


def test_metadata_is_kept_with_every_event() -> None:
    for body in AS_RASA_WRITES_IT:
        assert event_from_json({**body, "metadata": {"x": 1}}).metadata == {"x": 1}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"event": "slott", "name": "a"}, "no event is called 'slott'. Did you mean 'slot'?"),
        ({"name": "a"}, "no event is called 'None'"),
        ({"event": "slot"}, "the event 'slot' needs 'name'"),
        ({"event": "action"}, "the event 'action' needs 'name'"),
        ({"event": "slot", "name": ["a"]}, r"'name' of the event 'slot' is \['a'\]"),
        ({"event": "reminder", "intent": "i", "date_time": "soon"}, "must be ISO 8601"),
        ({"event": "reminder", "date_time": "2026-01-01T00:00:00"}, "needs 'intent'"),
        ({"event": "user", "parse_data": {"entities": [1]}}, "'parse_data' .* is no parse result"),
        ({"event": "entities", "entities": {"a": 1}}, "'entities' of the event 'entities'"),
        ({"event": "slot", "name": "a", "timestamp": "now"}, "'timestamp'"),
        ("slot", "must be a JSON object, not str"),
    ],
)
def test_what_is_no_event_is_refused_in_one_line(body: object, told: str) -> None:
    with pytest.raises(EventError, match=told) as caught:
        event_from_json(body)

    assert "\n" not in str(caught.value)


def test_a_store_keeps_what_it_does_not_know_as_it_came() -> None:
    body = {"event": "seen", "by": "anna"}

    event = stored_event(body)

    assert event == OtherEvent(body=body)
    assert event.as_json() == body


@pytest.mark.parametrize(
    ("cancelled", "expected"),
    [
        (ReminderCancelled(), True),
        (ReminderCancelled(name="n"), True),
        (ReminderCancelled(name="other"), False),
        (ReminderCancelled(intent="i"), True),
        (ReminderCancelled(intent="i", entities={"a": 2}), False),
        (ReminderCancelled(name="n", intent="i", entities={"a": 1}), True),
    ],
)
def test_a_reminder_is_cancelled_by_what_is_named(
    cancelled: ReminderCancelled, expected: bool
) -> None:
    reminder = ReminderScheduled(
        name="n", intent="i", entities={"a": 1}, date_time="2030-01-01T00:00:00+00:00"
    )

    assert cancelled.cancels(reminder) is expected
    assert reminder.due == 1893456000.0
