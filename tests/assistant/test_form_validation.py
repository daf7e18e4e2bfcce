"""A form that a Python class of the bot checks and steers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteBot
from talks import Talk

BOT = """\
    intents: [order, inform]
    entities: [dish, number, street]
    slots:
      dish: {type: text, mappings: [{type: from_entity, entity: dish}]}
      number: {type: text, mappings: [{type: from_entity, entity: number}]}
      street: {type: text, mappings: [{type: from_entity, entity: street}]}
      note: {type: text, mappings: [{type: custom}]}
    forms: {order_form: {required_slots: [dish, number]}}
    responses:
      utter_ask_dish: [{text: Which dish}]
      utter_ask_number: [{text: How many}]
      utter_ask_street: [{text: Which street}]
      utter_ask_note: [{text: Any note}]
      utter_ordered: [{text: "{number} {dish}, {street}, {note}"}]
      utter_no_dish: [{text: "No {dish}"}]
    rules:
    - rule: order
      steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
    - rule: ordered
      condition: [{active_loop: order_form}]
      steps: [{action: order_form}, {active_loop: null}, {action: utter_ordered}]
    """
CHECKS = """
from assistant.form_validation import FormValidation

class OrderForm(FormValidation):
    form = "order_form"

    def required_slots(self, slots, turn):
        return [*slots, "street", "note"] if turn.slots.get("dish") == "Pizza" else slots

    def validate_dish(self, value, turn):
        if value == "stone":
            turn.say("utter_no_dish", dish=value)
            return None
        return value.title()

    async def validate_number(self, value, turn):
        return str(int(value))

    def extract_note(self, turn):
        return turn.text.removeprefix("note: ") if turn.text.startswith("note: ") else None
"""


@pytest.fixture
def talk(write_bot: WriteBot) -> Talk:
    root: Path = write_bot(domain=BOT)
    (root / "actions.py").write_text(CHECKS, encoding="utf-8")
    return Talk(root)


async def test_answers_are_tidied_or_refused_and_the_form_asks_again(talk: Talk) -> None:
    assert await talk.say("order") == ["Which dish"]
    assert await talk.say("inform", dish="stone") == ["No stone", "Which dish"]
    assert await talk.say("inform", dish="soup") == ["How many"]
    assert (await talk.say("inform", number="02"))[0].startswith("2 Soup")
    assert talk.tracker.loop is None


async def test_required_slots_may_depend_on_earlier_answers(talk: Talk) -> None:
    assert await talk.say("order", dish="pizza") == ["How many"]
    assert await talk.say("inform", number="1") == ["Which street"]
    assert await talk.say("inform", street="Elm") == ["Any note"]
    assert await talk.say("inform", text="note: no onions") == ["1 Pizza, Elm, no onions"]


async def test_what_fills_nothing_is_left_to_others_and_the_question_stands(talk: Talk) -> None:
    await talk.say("order", dish="pizza")

    assert await talk.say("inform") == []
    assert talk.tracker.slots["requested_slot"] == "number"
