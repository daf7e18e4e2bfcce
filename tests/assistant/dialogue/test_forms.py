from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteBot
from talks import Talk

DOMAIN = """\
    intents: [book, inform, faq, stop, affirm, deny]
    entities: [city, number]
    slots:
      town:
        type: text
        influence_conversation: false
        mappings: [{type: from_entity, entity: city}]
      people:
        type: float
        influence_conversation: false
        mappings: [{type: from_entity, entity: number}]
      window:
        type: bool
        influence_conversation: false
        mappings:
        - {type: from_intent, intent: affirm, value: true, conditions: [{active_loop: trip_form}]}
        - {type: from_intent, intent: deny, value: false, conditions: [{active_loop: trip_form}]}
    forms: {trip_form: {required_slots: [town, people, window], ignored_intents: [faq]}}
    actions: []
    responses:
      utter_ask_town: [{text: Where to}]
      utter_ask_people: [{text: How many}]
      utter_ask_trip_form_window: [{text: Window}]
      utter_done: [{text: "{people} to {town}, window {window}"}]
      utter_answer: [{text: Nine to six}]
      utter_stopped: [{text: Stopped}]
      utter_no_such_town: [{text: No such town}]
      utter_default: [{text: Pardon}]
    """
RULES = """\
    rules:
    - rule: open
      steps: [{intent: book}, {action: trip_form}, {active_loop: trip_form}]
    - rule: filled
      condition: [{active_loop: trip_form}]
      steps:
      - action: trip_form
      - active_loop: null
      - slot_was_set: [{requested_slot: null}]
      - action: utter_done
    - rule: a question in between
      condition: [{active_loop: trip_form}]
      steps: [{intent: faq}, {action: utter_answer}, {action: trip_form}, {active_loop: trip_form}]
    - rule: stop
      condition: [{active_loop: trip_form}]
      steps:
      - intent: stop
      - action: action_deactivate_loop
      - active_loop: null
      - action: utter_stopped
    """


@pytest.fixture
def root(write_bot: WriteBot) -> Path:
    return write_bot(domain=DOMAIN, data__rules=RULES)


async def test_a_form_asks_for_each_slot_and_closes_when_all_are_filled(root: Path) -> None:
    talk = Talk(root)

    assert await talk.say("book") == ["Where to"]
    assert talk.sources == ["form"]
    assert await talk.say("inform", city="Oslo") == ["How many"]
    assert await talk.say("inform", number="2") == ["Window"]
    assert await talk.say("deny") == ["2 to Oslo, window False"]
    assert talk.tracker.loop is None
    assert talk.tracker.slots["requested_slot"] is None


async def test_what_the_first_message_says_is_not_asked_again(root: Path) -> None:
    talk = Talk(root)

    assert await talk.say("book", city="Oslo", number="3") == ["Window"]
    assert talk.slots == {"town": "Oslo", "people": "3", "requested_slot": "window"}


async def test_a_correction_in_the_middle_is_taken_and_the_question_stands(root: Path) -> None:
    talk = Talk(root)
    await talk.say("book")
    await talk.say("inform", city="Oslo")

    assert await talk.say("inform", city="Bergen") == ["How many"]
    assert talk.tracker.slots["town"] == "Bergen"


async def test_a_question_in_between_is_answered_and_the_form_asks_again(root: Path) -> None:
    talk = Talk(root)
    await talk.say("book")

    assert await talk.say("faq") == ["Nine to six", "Where to"]
    assert await talk.say("inform", city="Oslo") == ["How many"]


async def test_a_message_of_no_use_gets_the_fallback_and_the_form_stays(root: Path) -> None:
    talk = Talk(root)
    await talk.say("book")

    assert await talk.say("inform") == ["Pardon"]
    assert talk.tracker.loop == "trip_form"
    assert await talk.say("inform", city="Oslo") == ["How many"]


async def test_a_form_can_be_left(root: Path) -> None:
    talk = Talk(root)
    await talk.say("book")

    assert await talk.say("stop") == ["Stopped"]
    assert talk.tracker.loop is None
    assert await talk.say("book") == ["Where to"]


async def test_a_mapping_with_a_condition_counts_only_in_its_form(root: Path) -> None:
    talk = Talk(root)

    await talk.say("affirm")

    assert "window" not in talk.slots


@pytest.mark.parametrize("word", ["def", "async def"])
async def test_a_check_may_tidy_a_value_or_refuse_it_with_words(root: Path, word: str) -> None:
    (root / "actions.py").write_text(
        "from assistant.actions import ActionTurn, check_slot\n"
        '@check_slot("trip_form", "town")\n'
        f"{word} town(value: str, turn: ActionTurn) -> str | None:\n"
        '    if value.lower() == "atlantis":\n'
        '        turn.say("utter_no_such_town")\n'
        "        return None\n"
        "    return value.title()\n",
        encoding="utf-8",
    )
    talk = Talk(root)
    await talk.say("book")

    assert await talk.say("inform", city="Atlantis") == ["No such town", "Where to"]
    assert await talk.say("inform", city="oslo") == ["How many"]
    assert talk.tracker.slots["town"] == "Oslo"


async def test_from_text_takes_the_whole_message_only_when_it_is_asked_for(
    write_bot: WriteBot,
) -> None:
    root = write_bot(
        domain="""\
            intents: [open, other]
            slots:
              remark:
                type: text
                mappings:
                - type: from_text
                  conditions: [{active_loop: remark_form, requested_slot: remark}]
              first:
                type: text
                mappings: [{type: from_trigger_intent, intent: open, value: opened}]
            forms: {remark_form: {required_slots: [remark]}}
            responses:
              utter_ask_remark: [{text: Any remark}]
              utter_default: [{text: Pardon}]
            """,
        data__rules="""\
            rules:
            - rule: open
              steps: [{intent: open}, {action: remark_form}, {active_loop: remark_form}]
            - rule: filled
              condition: [{active_loop: remark_form}]
              steps: [{action: remark_form}, {active_loop: null}, {action: utter_default}]
            """,
    )
    talk = Talk(root)

    await talk.say("other", text="hello there")
    assert "remark" not in talk.slots
    assert await talk.say("open", text="let me comment") == ["Any remark"]
    await talk.say("other", text="all was fine")

    assert talk.slots["remark"] == "all was fine"
    assert talk.slots["first"] == "opened"
    assert talk.tracker.loop is None
