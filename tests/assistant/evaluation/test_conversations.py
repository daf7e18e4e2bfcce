"""Conversations that are played by their own steps, as Rasa plays them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assembly import build_engine
from assistant.bot import load_bot
from assistant.dialogue.engine import Engine
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.evaluation.conversations import PlayedStory, play_stories

DOMAIN = """\
version: "3.1"
intents: [ask, deny, chat]
entities: [city]
slots:
  town: {type: text, mappings: [{type: from_entity, entity: city}]}
  said: {type: text, mappings: [{type: from_text}]}
forms: {trip_form: {required_slots: [town]}}
actions: [action_book]
responses:
  utter_chat: [{text: Nice.}]
  utter_done: [{text: Done.}]
"""
RULES = """\
rules:
- rule: begin
  steps: [{intent: ask}, {action: trip_form}, {active_loop: trip_form}]
- rule: end
  condition: [{active_loop: trip_form}]
  steps: [{action: trip_form}, {active_loop: null}, {action: action_book}, {action: utter_done}]
- rule: chat
  steps: [{intent: chat}, {action: utter_chat}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A bot whose actions live on a server that does not run."""
    (tmp_path / "data").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "config.yml").write_text("language: en\npolicies: [{name: RulePolicy}]\n", "utf-8")
    (tmp_path / "domain.yml").write_text(DOMAIN, "utf-8")
    (tmp_path / "data" / "rules.yml").write_text(RULES, "utf-8")
    return tmp_path


async def play(root: Path, steps: str, engine: Engine | None = None) -> PlayedStory:
    (root / "tests" / "test_stories.yml").write_text(
        f"stories:\n- story: talk\n  steps: [{steps}]\n", encoding="utf-8"
    )
    bot = load_bot(root)
    (played,) = await play_stories(bot, engine or build_engine(bot), bot.tests, None)
    return played


async def test_a_custom_action_is_not_executed_and_the_story_says_what_it_does(root: Path) -> None:
    played = await play(
        root,
        "{intent: ask}, {action: trip_form}, {active_loop: trip_form}, "
        "{intent: deny, entities: [{city: Oslo}]}, {action: trip_form}, {active_loop: null}, "
        "{action: action_book}, {slot_was_set: [{town: Bergen}]}, {action: utter_done}",
    )

    assert played.faults == []
    assert played.passed
    assert [a for a, _ in played.actions] == [
        "trip_form", LISTEN, "trip_form", "action_book", "utter_done", LISTEN,
    ]  # fmt: skip


async def test_a_form_may_have_refused_the_message(root: Path) -> None:
    played = await play(
        root,
        "{intent: ask}, {action: trip_form}, {active_loop: trip_form}, "
        "{intent: chat}, {action: utter_chat}, {action: trip_form}",
    )

    assert played.faults == []


async def test_after_a_wrong_prediction_the_story_goes_on(root: Path) -> None:
    played = await play(
        root, "{intent: chat}, {action: utter_done}, {intent: chat}, {action: utter_chat}"
    )

    assert played.faults[0] == "action: expected utter_done, got utter_chat"
    assert played.actions[-2:] == [("utter_chat", "utter_chat"), (LISTEN, LISTEN)]
    assert not played.passed


class Doubting(Engine):
    """Takes every message for unlikely before it answers."""

    def predict(self, tracker: Tracker) -> Prediction:
        if tracker.last_action == LISTEN and tracker.latest is not None:
            return Prediction(
                action="action_unlikely_intent", confidence=1.0, policy="UnlikelyIntentPolicy"
            )
        name = "utter_chat" if tracker.last_action == "action_unlikely_intent" else LISTEN
        return Prediction(action=name, confidence=1.0, policy="MemoryPolicy")


async def test_an_unlikely_intent_is_a_warning_and_no_fault(root: Path) -> None:
    bot = load_bot(root)
    doubting = Doubting(bot, build_engine(bot).runner)

    played = await play(root, "{intent: chat}, {action: utter_chat}", doubting)

    assert played.passed
    assert played.warned
