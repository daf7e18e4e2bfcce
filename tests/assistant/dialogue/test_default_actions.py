"""The default actions: what they say, and what is left of the conversation afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from talks import Talk

from assistant.dialogue.applied_events import applied_events
from assistant.dialogue.events import (
    ActionDone,
    BotSaid,
    Event,
    FollowUp,
    LoopActive,
    Paused,
    Restarted,
    Resumed,
    SessionStarted,
    SlotSet,
    UserSaid,
)
from assistant.dialogue.outcome import Outcome
from assistant.dialogue.tracker import LISTEN, Tracker

WriteBot = Callable[..., Path]
BOT = """
    intents: [greet, thank, tell]
    entities: [city]
    slots:
      city: {type: text, influence_conversation: false,
             mappings: [{type: from_entity, entity: city}]}
    responses:
      utter_greet: [{text: Hello}]
      utter_thank: [{text: Welcome}]
      utter_told: [{text: "Noted: {city}"}]
      utter_restart: [{text: Anew}]
      utter_back: [{text: One step back}]
      utter_default: [{text: Pardon}]
      utter_ask_rephrase: [{text: In other words?}]
    rules:
    - rule: greet
      steps: [{intent: greet}, {action: utter_greet}]
    - rule: thank
      steps: [{intent: thank}, {action: utter_thank}]
    - rule: tell
      steps: [{intent: tell}, {action: utter_told}]
    - rule: not understood
      steps:
      - intent: nlu_fallback
      - action: action_two_stage_fallback
      - active_loop: action_two_stage_fallback
"""
GUESS = "Did you mean 'thank'?"


@pytest.fixture
def talk(write_bot: WriteBot) -> Talk:
    return Talk(write_bot(domain=BOT))


async def mumble(talk: Talk) -> list[str]:
    """Say something that is not understood; the best guess is a thank."""
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.3}, {"name": "thank", "confidence": 0.2},
    ]  # fmt: skip
    parse = {"intent": ranking[0], "entities": [], "intent_ranking": ranking}
    talk.engine.hear(talk.tracker, UserSaid(text="mumble", parse_data=parse), [])
    return [reply.text async for step in talk.engine.act(talk.tracker) for reply in step.replies]


def policies_see(talk: Talk) -> list[str]:
    """The conversation in short: intents and actions that count."""
    names: list[str] = []
    for event in applied_events(talk.tracker.events):
        if isinstance(event, UserSaid):
            names.append(str(event.parse_data["intent"].get("name")))
        elif isinstance(event, ActionDone) and event.name != LISTEN:
            names.append(event.name)
    return names


async def test_restart_forgets_all_without_a_rule(talk: Talk) -> None:
    await talk.say("tell", city="Oslo")

    assert await talk.say("restart") == ["Anew"]

    assert talk.slots == {}
    assert policies_see(talk) == []
    assert talk.tracker.last_action == LISTEN
    assert any(isinstance(event, Restarted) for event in talk.tracker.events)
    assert await talk.say("greet") == ["Hello"]


async def test_back_takes_the_last_turn_back(talk: Talk) -> None:
    await talk.say("greet")
    await talk.say("tell", city="Oslo")

    assert await talk.say("back") == ["One step back"]

    assert policies_see(talk) == ["greet", "utter_greet"]
    assert talk.slots == {}
    assert await talk.say("thank") == ["Welcome"]


async def test_session_start_is_an_intent_too_and_keeps_slots(talk: Talk) -> None:
    await talk.say("tell", city="Oslo")

    assert await talk.say("session_start") == []

    assert talk.slots == {"city": "Oslo"}
    assert policies_see(talk) == []
    assert [event.kind for event in talk.tracker.events[-3:]] == [
        "session_started", "slot", "action",
    ]  # fmt: skip


async def test_a_fallback_says_so_and_forgets_the_message(talk: Talk) -> None:
    await talk.say("greet")

    assert await talk.say("unheard_of") == ["Pardon"]

    assert policies_see(talk) == ["greet", "utter_greet"]
    assert talk.tracker.intent == "greet"
    assert await talk.say("thank") == ["Welcome"]


async def test_a_guess_that_is_affirmed_counts_as_if_it_had_been_said_at_once(talk: Talk) -> None:
    await talk.say("greet")

    assert await mumble(talk) == [GUESS]
    said = next(event for event in reversed(talk.tracker.events) if isinstance(event, BotSaid))
    assert said.data["buttons"] == [
        {"title": "Yes", "payload": "/thank"}, {"title": "No", "payload": "/out_of_scope"},
    ]  # fmt: skip
    assert await talk.say("thank") == ["Welcome"]

    assert policies_see(talk) == ["greet", "utter_greet", "thank", "utter_thank"]
    assert talk.tracker.loop is None


async def test_other_words_that_are_clear_keep_what_they_told(talk: Talk) -> None:
    await mumble(talk)
    assert await talk.say("out_of_scope") == ["In other words?"]

    assert await talk.say("tell", city="Oslo") == ["Noted: Oslo"]

    assert policies_see(talk) == ["tell", "utter_told"]
    assert talk.slots == {"city": "Oslo"}


async def test_a_second_guess_may_be_right(talk: Talk) -> None:
    await mumble(talk)
    await talk.say("out_of_scope")

    assert await mumble(talk) == [GUESS]
    assert await talk.say("thank") == ["Welcome"]

    assert policies_see(talk) == ["thank", "utter_thank"]


async def test_after_two_wrong_guesses_the_bot_gives_up(talk: Talk) -> None:
    await talk.say("greet")
    await mumble(talk)
    await talk.say("out_of_scope")
    await mumble(talk)

    assert await talk.say("out_of_scope") == ["Pardon"]

    assert policies_see(talk) == ["greet", "utter_greet"]
    assert talk.tracker.loop is None
    assert await talk.say("thank") == ["Welcome"]


async def test_two_messages_in_a_row_that_are_not_understood_are_enough(talk: Talk) -> None:
    await mumble(talk)

    assert await mumble(talk) == ["Pardon"]

    assert talk.tracker.loop is None
    assert await talk.say("greet") == ["Hello"]


def asked_about(talk: Talk, *actions: str) -> Tracker:
    """A conversation in which actions asked about a message, and its answer."""
    tracker = talk.tracker
    fallback = {"intent": {"name": "nlu_fallback", "confidence": 0.3}}
    answer = {"intent": {"name": "thank", "confidence": 0.6}}
    for action in actions:
        tracker.apply(UserSaid(text="mumble", parse_data=fallback))
        tracker.apply(ActionDone(name=action))
        tracker.apply(ActionDone(name=LISTEN))
    tracker.apply(UserSaid(text="/thank", parse_data=answer))
    return tracker


@pytest.mark.parametrize(
    "asked",
    [
        ("action_default_ask_affirmation",),
        ("action_default_ask_affirmation", "action_default_ask_rephrase"),
    ],
)
async def test_what_was_asked_is_reverted_once_it_is_clear(
    talk: Talk, asked: tuple[str, ...]
) -> None:
    tracker = asked_about(talk, *asked)

    outcome = await talk.engine.runner.run("action_revert_fallback_events", tracker)
    for event in outcome.events:
        tracker.apply(event)

    assert policies_see(talk) == ["thank"]
    assert tracker.latest is not None
    assert tracker.latest.parse_data["intent"] == {"name": "thank", "confidence": 1.0}


async def test_where_nothing_was_asked_nothing_is_reverted(talk: Talk) -> None:
    tracker = asked_about(talk, "utter_greet")

    assert await talk.engine.runner.run("action_revert_fallback_events", tracker) == Outcome()


@pytest.mark.parametrize(
    ("name", "events"),
    [
        (LISTEN, []),
        ("action_unlikely_intent", []),
        ("action_deactivate_loop", [LoopActive(name=None), SlotSet(name="requested_slot")]),
        ("action_session_start", [SessionStarted(), ActionDone(name=LISTEN)]),
    ],
)
async def test_actions_that_only_mark_something(talk: Talk, name: str, events: list[Event]) -> None:
    assert await talk.engine.runner.run(name, talk.tracker) == Outcome(events=events)


async def test_a_new_session_carries_each_slot_once_and_only_where_the_domain_says_so(
    talk: Talk,
) -> None:
    for city in ("Oslo", "Rome"):
        talk.tracker.apply(SlotSet(name="city", value=city))

    kept = await talk.engine.runner.run("action_session_start", talk.tracker)
    talk.bot.domain.carry_over = False
    lost = await talk.engine.runner.run("action_session_start", talk.tracker)

    assert SlotSet(name="city", value="Rome") in kept.events
    assert SlotSet(name="city", value="Oslo") not in kept.events
    assert lost.events == [SessionStarted(), ActionDone(name=LISTEN)]


async def test_an_action_of_the_bot_stands_before_a_default_action(write_bot: WriteBot) -> None:
    root = write_bot(domain=BOT)
    (root / "actions.py").write_text(
        "from assistant.actions import action\n"
        "@action\n"
        "def action_restart(turn):\n"
        "    turn.say('Never!'); turn.go_on_with('action_listen')\n",
        encoding="utf-8",
    )
    talk = Talk(root)
    await talk.say("tell", city="Oslo")

    assert await talk.say("restart") == ["Never!"]
    assert talk.slots == {"city": "Oslo"}


class Remote:
    """An action server that runs everything, and tells what."""

    def __init__(self, *events: Event) -> None:
        self.ran: list[str] = []
        self.events = events

    async def run(self, name: str, tracker: Tracker) -> Outcome:
        assert tracker.events
        self.ran.append(name)
        return Outcome(events=list(self.events))


async def test_a_default_action_that_the_domain_names_runs_on_the_action_server(
    write_bot: WriteBot,
) -> None:
    talk = Talk(write_bot(domain=BOT + "    actions: [action_restart]\n"))
    talk.engine.runner.remote = remote = Remote(Restarted())

    assert await talk.say("restart") == []
    assert await talk.say("back") == ["One step back"]  # not named: the default one

    assert remote.ran == ["action_restart"]


async def test_a_paused_bot_is_silent_but_remembers(talk: Talk) -> None:
    await talk.say("greet")
    talk.tracker.apply(Paused())

    assert await talk.say("tell", city="Oslo") == []
    assert talk.slots == {"city": "Oslo"}
    assert talk.tracker.events[-1].kind != "action"  # no action was taken, not even listening

    talk.tracker.apply(Resumed())
    assert await talk.say("thank") == ["Welcome"]


async def test_a_restart_wakes_a_paused_bot(talk: Talk) -> None:
    talk.tracker.apply(Paused())

    assert await talk.say("restart") == ["Anew"]
    assert await talk.say("greet") == ["Hello"]


async def test_an_action_that_pauses_ends_its_turn(write_bot: WriteBot) -> None:
    rule = "    - rule: hand over\n      steps: [{intent: help}, {action: action_hand_over}]\n"
    bot = BOT.replace("[greet, thank, tell]", "[greet, thank, tell, help]")
    talk = Talk(write_bot(domain=bot + rule + "    actions: [action_hand_over]\n"))
    talk.engine.runner.remote = Remote(Paused(), FollowUp(name="utter_greet"))

    assert await talk.say("help") == []
    assert await talk.say("greet") == []
    talk.tracker.apply(Resumed())
    assert await talk.say("greet") == ["Hello"]


@pytest.mark.parametrize(("limit", "count"), [(None, 10), ("3", 3), ("nonsense", 10), ("0", 10)])
async def test_a_turn_without_an_end_is_stopped_and_listens(
    talk: Talk,
    limit: str | None,
    count: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if limit:
        monkeypatch.setenv("MAX_NUMBER_OF_PREDICTIONS", limit)
    talk.bot.domain.actions["action_loop"] = False
    talk.engine.runner.remote = Remote(FollowUp(name="action_loop"))
    talk.tracker.apply(UserSaid(text="x", parse_data={"intent": {"name": "greet"}}))
    talk.tracker.apply(FollowUp(name="action_loop"))

    with caplog.at_level(logging.WARNING):
        steps = [step async for step in talk.engine.act(talk.tracker)]

    assert [step.prediction.action for step in steps] == ["action_loop"] * count + [LISTEN]
    assert talk.tracker.last_action == LISTEN
    assert f"stopped after {count} actions in one turn" in caplog.text
    assert "MAX_NUMBER_OF_PREDICTIONS" in caplog.text
