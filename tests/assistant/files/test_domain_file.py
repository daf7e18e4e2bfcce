from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.domain import Entity, IntentRule
from assistant.errors import BotFilesError


def test_all_parts_of_a_domain_are_read(write_bot: WriteBot) -> None:
    root = write_bot(
        domain="""\
            intents:
            - greet
            - affirm: {use_entities: []}
            - book: {use_entities: true, ignore_entities: [time]}
            entities: [time, {city: {roles: [from, to]}}]
            slots:
              mood: {type: categorical, values: [Good, BAD]}
              score: {type: float, min_value: 1, max_value: 5, initial_value: 2}
              note: {type: any}
            forms: {trip_form: {required_slots: [mood], ignored_intents: greet}}
            actions: [action_a, {action_b: {send_domain: false}}]
            session_config: {session_expiration_time: 5, carry_over_slots_to_new_session: false}
            """
    )

    domain = load_bot(root).domain

    assert domain.intents == {
        "greet": IntentRule(), "affirm": IntentRule(used=()), "book": IntentRule(ignored=("time",)),
    }  # fmt: skip
    assert domain.entities == {"time": Entity(), "city": Entity(roles=("from", "to"))}
    assert domain.slots["mood"].values == ("good", "bad")
    assert (domain.slots["score"].low, domain.slots["score"].high) == (1.0, 5.0)
    assert domain.slots["score"].initial == 2
    assert not domain.slots["note"].influences
    assert domain.forms["trip_form"].ignored_intents == ("greet",)
    assert domain.actions == {"action_a": True, "action_b": False}
    assert (domain.session_minutes, domain.carry_over) == (5.0, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("intents: [{greet: {use_entites: []}}]\n", "has no key 'use_entites'. Did you mean"),
        ("intents: greet\n", "domain.yml:1: intents must be a list, not the text 'greet'."),
        ("slots:\n  a: {type: categorical}\n", "domain.yml:2: slot a: a categorical slot needs"),
        ("slots:\n  a: {type: txt}\n", "no slot type is called 'txt'. Did you mean 'text'?"),
        ("slots:\n  a:\n    mappings: [{type: from_entty}]\n", "Did you mean 'from_entity'?"),
        ("slots:\n  a:\n    mappings: [{type: from_entity}]\n", "mapping needs entity."),
        ("slots:\n  a:\n    max_value: high\n", "domain.yml:3: max_value must be a number"),
        ("forms: {f: {required_slots: a}}\n", "required_slots must be a list"),
        ("forms:\n  f:\n    requird_slots: []\n", "domain.yml:3: form f has no key"),
        ("session_config: {session_expiration_time: soon}\n", "must be a number, not the text"),
        ("responses: {greet: [{text: a}]}\n", "a response's name begins with 'utter_': 'greet'."),
        ("responses: {utter_a: []}\n", "response utter_a needs at least one '- text:'."),
        ("responses: {utter_a: [{txt: a}]}\n", "has no key 'txt'. Did you mean 'text'?"),
        ("responses: {utter_a: [{channel: a}]}\n", "needs text, image, attachment or custom."),
        ("responses:\n  utter_a:\n  - text: a\n    buttons: [{title: b}]\n",
         "domain.yml:4: a button of utter_a needs title and payload."),
        ("responses:\n  utter_a:\n  - text: a\n    condition: [{name: b}]\n",
         "a condition of utter_a needs 'type: slot', name and value."),
    ],
)  # fmt: skip
def test_faults_of_a_domain_are_told_with_their_line(
    text: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(domain=text)

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert expected in str(caught.value)


def test_a_response_that_two_files_define_is_a_fault(write_bot: WriteBot) -> None:
    root = write_bot(
        domain="responses: {utter_a: [{text: a}]}\n",
        data__more="responses:\n  utter_a: [{text: b}]\n",
    )

    with pytest.raises(BotFilesError, match=r"data/more.yml:2: response utter_a is defined twice"):
        load_bot(root)
