"""Rules over several turns, with choices, and around forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assembly import build_engine
from assistant.bot import load_bot
from assistant.dialogue.engine import Engine
from assistant.dialogue.events import ActionDone, ActionRejected, LoopActive, UserSaid
from assistant.dialogue.states import states_of
from assistant.dialogue.tracker import LISTEN, Tracker

BOT = """
    intents: [ask, yes, no, tell, begin, other]
    entities: [name, town]
    slots:
      name: {type: text, influence_conversation: false,
             mappings: [{type: from_entity, entity: name}]}
      town: {type: text, influence_conversation: false,
             mappings: [{type: from_entity, entity: town}]}
    forms:
      name_form: {required_slots: [name]}
      town_form: {required_slots: [town]}
    responses:
      utter_offer: [{text: offer}]
      utter_done: [{text: done}]
      utter_left: [{text: left}]
      utter_again: [{text: again}]
      utter_ask_name: [{text: name}]
      utter_ask_town: [{text: town}]
    rules:
    - rule: offer
      steps: [{intent: ask}, {action: utter_offer}]
    - rule: accepted
      steps: [{action: utter_offer}, {intent: yes}, {action: utter_done}]
    - rule: a yes alone
      steps: [{intent: yes}, {action: utter_again}]
    - rule: whole
      steps:
      - intent: other
      - action: utter_again
      - or: [{intent: no}, {intent: tell}]
      - action: utter_left
    - rule: a name alone
      condition: [{active_loop: null}]
      steps: [{intent: tell, entities: [name]}, {action: utter_again}]
    - rule: a name for the offer
      steps: [{action: utter_offer}, {intent: tell, entities: [name]}, {action: utter_done}]
    - rule: begin
      steps: [{intent: begin}, {action: name_form}, {active_loop: name_form}]
    - rule: the town is known
      condition: [{active_loop: town_form}]
      steps: [{action: town_form}, {active_loop: null}, {action: utter_done}]
    - rule: a town instead
      condition: [{active_loop: name_form}]
      steps: [{intent: ask}, {action: town_form}, {active_loop: town_form}]
"""


@pytest.fixture
def engine(write_bot: Callable[..., Path]) -> Engine:
    return build_engine(load_bot(write_bot(domain=BOT)), seed=1)


@pytest.fixture
def tracker(engine: Engine) -> Tracker:
    tracker = Tracker("c", engine.bot.domain)
    tracker.apply(ActionDone(name=LISTEN))
    return tracker


async def say(engine: Engine, tracker: Tracker, intent: str, **entities: str) -> list[str]:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    parse = {"intent": {"name": intent, "confidence": 1.0}, "entities": found}
    engine.hear(tracker, UserSaid(text="words", parse_data=parse), [])
    return [reply.text async for step in engine.act(tracker) for reply in step.replies]


async def test_a_rule_goes_on_after_the_user_answered(engine: Engine, tracker: Tracker) -> None:
    assert await say(engine, tracker, "ask") == ["offer"]
    assert await say(engine, tracker, "yes") == ["done"]
    assert await say(engine, tracker, "yes") == ["again"]


@pytest.mark.parametrize("answer", ["no", "tell"])
async def test_each_choice_of_a_rule_counts(engine: Engine, tracker: Tracker, answer: str) -> None:
    assert await say(engine, tracker, "other") == ["again"]
    assert await say(engine, tracker, answer) == ["left"]


async def test_of_equal_rules_the_one_that_looks_further_back_wins(
    engine: Engine, tracker: Tracker
) -> None:
    await say(engine, tracker, "ask")

    assert await say(engine, tracker, "tell", name="Ann") == ["done"]


async def test_a_form_that_a_rule_calls_back_asks_again(engine: Engine, tracker: Tracker) -> None:
    assert await say(engine, tracker, "begin") == ["name"]
    assert await say(engine, tracker, "begin") == ["name"]


async def test_a_form_that_takes_over_forgets_what_the_other_had_asked(
    engine: Engine, tracker: Tracker
) -> None:
    await say(engine, tracker, "begin")

    assert await say(engine, tracker, "ask") == ["town"]
    assert tracker.loop == "town_form"
    assert await say(engine, tracker, "tell", town="Oslo") == ["done"]
    assert tracker.loop is None


def test_a_form_that_closes_after_a_rule_s_answer_is_the_last_action(engine: Engine) -> None:
    def turn(intent: str) -> UserSaid:
        return UserSaid(text=intent, parse_data={"intent": {"name": intent}})

    def hidden(name: str) -> ActionDone:
        return ActionDone(name=name, hide_rule_turn=True)

    began = [
        ActionDone(name=LISTEN), turn("begin"), ActionDone(name="name_form"),
        LoopActive(name="name_form"), hidden(LISTEN),
    ]  # fmt: skip
    interrupted = [
        turn("ask"), ActionRejected(name="name_form"), hidden("utter_offer"),
        hidden("name_form"), hidden(LISTEN),
    ]  # fmt: skip
    closed = [turn("tell"), hidden("name_form"), LoopActive(name=None)]

    straight, around = (
        states_of(engine.bot.domain, events, without_rule_turns=True)
        for events in ([*began, *closed], [*began, *interrupted, *closed])
    )

    assert around[-1] == straight[-1]
    assert around[-1].previous == "name_form"
