from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from assistant.dialogue.events import (
    ActionDone,
    ActionRejected,
    BotSaid,
    EntitiesAdded,
    Event,
    FollowUp,
    LoopActive,
    LoopInterrupted,
    Paused,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    Resumed,
    Rewound,
    SessionStarted,
    SlotSet,
    SlotsReset,
    Undone,
    UserSaid,
)
from assistant.dialogue.tracker import LISTEN, Tracker, Verbosity
from assistant.domain import Domain, Slot

SOON = "2030-01-01T00:00:00+00:00"
DOMAIN = Domain(slots={"city": Slot(name="city"), "size": Slot(name="size", initial="m")})


def said(intent: str, text: str | None = "…") -> UserSaid:
    return UserSaid(text=text, parse_data={"intent": {"name": intent}}, input_channel="rest")


def after(*events: Event) -> Tracker:
    return Tracker("c", DOMAIN, events)


def test_a_fresh_conversation_is_told_as_rasa_tells_it() -> None:
    assert after().as_json() == {
        "sender_id": "c",
        "slots": {
            "requested_slot": None, "session_started_metadata": None, "city": None, "size": "m",
        },
        "latest_message": {
            "intent": {}, "entities": [], "text": None, "message_id": None, "metadata": {},
        },
        "latest_event_time": None,
        "followup_action": LISTEN,
        "paused": False,
        "events": [],
        "latest_input_channel": None,
        "active_loop": {},
        "latest_action": {},
        "latest_action_name": None,
    }  # fmt: skip


def test_a_conversation_inside_a_form_is_told_as_rasa_tells_it() -> None:
    message = said("order")
    events = (
        ActionDone(name=LISTEN), message, ActionDone(name="order_form"),
        LoopActive(name="order_form"), SlotSet(name="requested_slot", value="city"),
        BotSaid(text="Where?", timestamp=7.0),
    )  # fmt: skip

    found = after(*events).as_json()

    assert found["active_loop"] == {
        "name": "order_form", "is_interrupted": False, "rejected": False,
        "trigger_message": message.parse_data,
    }  # fmt: skip
    assert found["latest_message"] == message.parse_data
    assert found["latest_event_time"] == 7.0
    assert found["latest_input_channel"] == "rest"
    assert found["followup_action"] is None
    assert found["latest_action"] == {"action_name": "order_form"}
    assert found["latest_action_name"] == "order_form"
    assert found["slots"]["requested_slot"] == "city"
    assert found["events"] == [event.as_json() for event in events]


def test_words_of_an_end_to_end_story_are_the_latest_action() -> None:
    found = after(ActionDone(name="say:Hello")).as_json()

    assert found["latest_action"] == {"action_text": "Hello"}
    assert found["latest_action_name"] == "Hello"


HISTORY = (
    ActionDone(name=LISTEN), said("a"), Restarted(), ActionDone(name=LISTEN), said("b"),
    ActionDone(name="utter_b"), ActionDone(name=LISTEN), said("c"), Rewound(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("verbosity", "kinds"),
    [
        (Verbosity.NONE, None),
        (Verbosity.ALL, [event.kind for event in HISTORY]),
        (Verbosity.AFTER_RESTART, ["action", "user", "action", "action", "user", "rewind"]),
        (Verbosity.APPLIED, ["action", "user", "action"]),
    ],
)
def test_events_are_told_as_far_as_one_asks(verbosity: Verbosity, kinds: list[str] | None) -> None:
    events = after(*HISTORY).as_json(verbosity)["events"]

    assert (events and [event["event"] for event in events]) == kinds


def test_a_conversation_can_be_seen_as_it_was() -> None:
    tracker = after(
        SlotSet(name="city", value="Oslo", timestamp=1.0),
        SlotSet(name="city", value="Rome", timestamp=2.0),
    )

    assert tracker.at(1.0).slots["city"] == "Oslo"
    assert tracker.slots["city"] == "Rome"


def test_a_rewind_takes_the_message_and_all_that_followed_back() -> None:
    first = (ActionDone(name=LISTEN), said("a"), ActionDone(name="utter_a"))
    tracker = after(
        *first, ActionDone(name=LISTEN), said("b"), SlotSet(name="city", value="Oslo"), Rewound()
    )

    assert (tracker.intent, tracker.last_action) == ("a", "utter_a")
    assert tracker.slots["city"] is None
    assert tracker.follow_up is None
    assert len(tracker.events) == 7  # what was taken back stays on record


def test_before_its_first_message_a_conversation_waits_again() -> None:
    tracker = after(ActionDone(name=LISTEN), said("a"), ActionDone(name="x"), Rewound())

    assert (tracker.intent, tracker.last_action, tracker.follow_up) == (None, None, LISTEN)


def test_an_undo_takes_the_last_action_back() -> None:
    tracker = after(
        ActionDone(name=LISTEN), said("a"), ActionDone(name="x"),
        SlotSet(name="city", value="Oslo"), Undone(),
    )  # fmt: skip

    assert (tracker.intent, tracker.last_action) == ("a", LISTEN)
    assert tracker.slots["city"] is None


@pytest.mark.parametrize("event", [Restarted(), SessionStarted()], ids=lambda event: event.kind)
def test_a_restart_and_a_session_begin_anew(event: Event) -> None:
    tracker = after(
        said("a"), ActionDone(name="x"), LoopActive(name="x"), SlotSet(name="size", value="l"),
        Paused(), ReminderScheduled(name="r", intent="i", date_time=SOON), event,
    )  # fmt: skip

    assert (tracker.loop, tracker.latest, tracker.paused) == (None, None, False)
    assert (tracker.slots["size"], tracker.follow_up) == ("m", LISTEN)
    assert tracker.reminders == {}
    assert tracker.session_start == 7


def test_pause_resume_follow_up_and_reset_of_slots() -> None:
    tracker = after(SlotSet(name="size", value="l"), Paused(), FollowUp(name="x"), SlotsReset())

    assert (tracker.paused, tracker.follow_up, tracker.slots["size"]) == (True, "x", "m")
    tracker.apply(Resumed())
    tracker.apply(ActionDone(name="x"))
    assert (tracker.paused, tracker.follow_up) == (False, None)


def test_a_slot_that_the_domain_lacks_is_told_and_not_set(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        tracker = after(SlotSet(name="town", value="Oslo"))

    assert "no slot is called 'town'" in caplog.text
    assert "town" not in tracker.slots


def test_entities_of_a_policy_join_those_of_the_message() -> None:
    oslo, rome = {"entity": "city", "value": "Oslo"}, {"entity": "city", "value": "Rome"}
    message = UserSaid(text="x", parse_data={"entities": [oslo]})

    tracker = after(message, EntitiesAdded(entities=[oslo, rome]))

    assert tracker.entities == [oslo, rome]
    assert message.parse_data["entities"] == [oslo]  # what was understood stays on record


@dataclass
class Loop:
    rejected: bool
    interrupted: bool


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([ActionRejected(name="f")], Loop(rejected=True, interrupted=False)),
        ([ActionRejected(name="g")], Loop(rejected=False, interrupted=False)),
        ([ActionRejected(name="f"), ActionDone(name="g")], Loop(rejected=True, interrupted=False)),
        ([ActionRejected(name="f"), ActionDone(name="f")], Loop(rejected=False, interrupted=False)),
        ([LoopInterrupted()], Loop(rejected=False, interrupted=True)),
        ([LoopInterrupted(), ActionDone(name="g")], Loop(rejected=False, interrupted=False)),
    ],
)
def test_a_form_is_rejected_until_it_runs_and_interrupted_until_anything_runs(
    events: list[Event], expected: Loop
) -> None:
    tracker = after(LoopActive(name="f"), *events)

    assert Loop(rejected=tracker.rejected, interrupted=tracker.interrupted) == expected


def reminder(name: str, *, kill: bool = False) -> ReminderScheduled:
    return ReminderScheduled(name=name, intent="remind", date_time=SOON, kill_on_user_msg=kill)


@pytest.mark.parametrize(
    ("events", "pending"),
    [
        ([], {"a", "b"}),
        ([said("x")], {"b"}),
        ([said("x", text=None)], {"a", "b"}),
        ([ReminderCancelled(name="b")], {"a"}),
        ([ReminderCancelled()], set()),
        ([ReminderCancelled(), reminder("b")], {"b"}),
        ([UserSaid(text="EXTERNAL: remind", metadata={"reminder": "b"})], set()),
        ([Rewound()], set()),
    ],
)
def test_reminders_are_pending_until_they_come_or_are_cancelled(
    events: list[Event], pending: set[str]
) -> None:
    tracker = after(
        ActionDone(name=LISTEN), said("later"), reminder("a", kill=True), reminder("b"), *events
    )

    assert set(tracker.reminders) == pending
