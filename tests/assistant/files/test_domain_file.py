from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.domain import ButtonText, Entity, IntentRule, Variation
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
            actions: [action_a, {action_b: {send_domain: false}}, {action_c: {send_domain: true}}]
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
    assert domain.actions == {"action_a": False, "action_b": False, "action_c": True}
    assert (domain.session_minutes, domain.carry_over) == (5.0, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("intents: [{greet: {use_entites: []}}]\n", "has no key 'use_entites'. Did you mean"),
        ("intents: greet\n", "domain.yml:1: intents must be a list, not the text 'greet'."),
        ("version: '3.1'\nslots:\n  a: {type: text}\n", "domain.yml:3: slot a needs mappings."),
        ("slots:\n  a: {initial_value: x}\n", "domain.yml:2: slot a needs a type: text, bool"),
        ("slots:\n  a: {type: float, min_value: 3, max_value: 2}\n", "must be below max_value."),
        ("slots:\n  a: text\n", "domain.yml:2: slot a must be a mapping of keys to values"),
        ("slots:\n  a:\n    mappings: [{type: from_intent, intent: b}]\n", "mapping needs value."),
        ("slots:\n  a:\n    mappings:\n    - {type: custom}\n    - custom\n",
         "domain.yml:5: a mapping of slot a must be a mapping"),
        ("slots:\n  a: {type: bool, influence_conversation: 5}\n", "must be true or false, not 5."),
        ("intents:\n- a\n- b\n- a\n", "domain.yml:4: intent a stands twice, also at domain.yml:2"),
        ("entities:\n- a: {role: [b]}\n", "domain.yml:2: entity a has no key 'role'. Did you mean"),
        ("actions:\n- a: {send_domain: maybe}\n", "send_domain must be true or false"),
        ("config: {store_entities: true}\n", "Did you mean 'store_entities_as_slots'?"),
        ("forms: [a]\n", "domain.yml:1: forms must be a mapping"),
        ("forms: {f: {required_slots: [{a: 1}]}}\n", "a slot of form f must be a name"),
        ("forms: {f: {ignored_intents: [a]}}\n", "form f with ignored_intents needs"),
        ("session_config: {session_expiration_time: -1}\n", "must be 0 or more minutes."),
        ("templates: {utter_a: [{text: a}]}\n", "'templates' is called 'responses' since Rasa 2."),
        ("intents: []\nrespones: {}\n", "domain.yml:2: no section is called 'respones'. Did you"),
        ("version: three\nintents: []\n", "domain.yml:1: version must be a number"),
        ("slots:\n  a: {type: txt}\n", "no slot type is called 'txt'. Did you mean 'text'?"),
        ("slots:\n  a:\n    mappings: [{type: from_entty}]\n", "Did you mean 'from_entity'?"),
        ("slots:\n  a:\n    mappings: [{type: from_entity}]\n", "mapping needs entity."),
        ("slots:\n  a:\n    max_value: high\n", "domain.yml:3: max_value must be a number"),
        ("forms: {f: {required_slots: a}}\n", "required_slots must be a list"),
        ("forms:\n  f:\n    requird_slots: []\n", "domain.yml:3: form f has no key"),
        ("session_config: {session_expiration_time: soon}\n", "must be a number, not the text"),
        ("responses: {utter_a: }\n", "response utter_a needs at least one '- text:'."),
        ("responses: {utter_a: [{txt: a}]}\n", "has no key 'txt'. Did you mean 'text'?"),
        ("responses: {utter_a: [{channel: a}]}\n", "needs text, image, attachment or custom."),
        ("responses:\n  utter_a:\n  - text: a\n    buttons: [{url: b}]\n",
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


def test_what_two_files_define_is_read_from_the_first_and_told(write_bot: WriteBot) -> None:
    root = write_bot(
        domain="""\
            intents: [greet, bye]
            slots: {a: {type: bool, mappings: [{type: custom}]}}
            responses: {utter_a: [{text: first}], utter_b: [{text: b}]}
            session_config: {session_expiration_time: 5}
            """,
        data__more="""\
            intents: [greet, thank]
            slots: {a: {type: text, mappings: [{type: custom}]}}
            responses: {utter_a: [{text: second}], utter_b: [{text: b}]}
            session_config: {session_expiration_time: 7}
            """,
    )

    bot = load_bot(root)

    assert list(bot.domain.intents) == ["greet", "bye", "thank"]
    assert bot.domain.slots["a"].type == "bool"
    assert bot.domain.responses["utter_a"][0].text == "first"
    assert bot.domain.session_minutes == 5
    assert bot.notices == [
        "data/more.yml:1: intents that an earlier file holds too: greet.",
        "data/more.yml:2: slot a is defined at domain.yml:2 already.",
        "data/more.yml:3: response utter_a is defined at domain.yml:3 already.",
        "data/more.yml:4: session_config stands at domain.yml:4 already.",
    ]


def test_every_field_of_a_response_is_kept(write_bot: WriteBot) -> None:
    root = write_bot(
        domain="""\
            responses:
              utter_a:
              - text: "Hi {name}"
                id: a1
                channel: slack
                image: https://x/y.png
                condition: [{type: slot, name: vip, value: true}]
                buttons: [{title: Yes, payload: /affirm, url: u}]
                button_type: vertical
                quick_replies: [{title: No, payload: /deny}]
                elements: [{title: card}]
                attachment: {type: file}
                custom: {a: [1]}
                metadata: {k: v}
              - text: ""
              - custom: {blocks: []}
            """
    )

    full, empty, _ = load_bot(root).domain.responses["utter_a"]

    assert full == Variation(
        text="Hi {name}", id="a1", channel="slack", image="https://x/y.png",
        slots=(("vip", True),), button_type="vertical", elements=({"title": "card"},),
        buttons=(ButtonText(title="Yes", payload="/affirm", extra={"url": "u"}),),
        quick_replies=(ButtonText(title="No", payload="/deny"),),
        attachment={"type": "file"}, custom={"a": [1]}, metadata={"k": "v"},
    )  # fmt: skip
    assert empty == Variation()


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("greet", IntentRule(ignored=("mood",))),
        ("greet: {use_entities: true}", IntentRule(ignored=("mood",))),
        ("greet: {use_entities: null}", IntentRule(used=(), ignored=("mood",))),
        ("greet: {use_entities: [mood], ignore_entities: []}", IntentRule(used=("mood",))),
        ("greet: {ignore_entities: [city]}", IntentRule(ignored=("city",))),
        ("greet: {is_retrieval_intent: true}", IntentRule(ignored=("mood",), retrieval=True)),
    ],
)
def test_entities_that_do_not_influence_are_ignored_unless_the_intent_says_otherwise(
    entry: str, rule: IntentRule, write_bot: WriteBot
) -> None:
    entities = "entities:\n- city\n- mood: {influence_conversation: false}\n"
    root = write_bot(domain=f"intents:\n- {entry}\n{entities}")

    assert load_bot(root).domain.intents == {"greet": rule}


def test_a_retrieval_intent_is_known_by_its_response_keys(write_bot: WriteBot) -> None:
    root = write_bot(
        domain="intents: [faq, greet]\nresponses: {utter_faq/hours: [{text: Nine to six.}]}\n"
    )

    domain = load_bot(root).domain

    assert [name for name, rule in domain.intents.items() if rule.retrieval] == ["faq"]


def test_one_item_may_hold_several_names(write_bot: WriteBot) -> None:
    root = write_bot(domain="intents:\n- greet: {use_entities: []}\n  bye: {}\n")

    assert load_bot(root).domain.intents == {"greet": IntentRule(used=()), "bye": IntentRule()}


def test_a_slot_of_a_class_of_its_own_keeps_the_keys_of_that_class(write_bot: WriteBot) -> None:
    root = write_bot(domain="slots: {n: {type: my.Number, max: 6, mappings: [{type: custom}]}}\n")

    slot = load_bot(root).domain.slots["n"]

    assert slot.is_custom
    assert slot.extra == {"max": 6}


def test_the_knowledge_base_action_brings_its_slots(write_bot: WriteBot) -> None:
    root = write_bot(domain="actions: [action_query_knowledge_base]\n")

    assert "knowledge_base_listed_objects" in load_bot(root).domain.slots


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("slots: {a: {type: categorical, mappings: [{type: custom}]}}\n", "slot without values."),
        ("responses: {greet: [{text: a}]}\n", "can only be said by an action's code"),
        ("responses: {utter_a: [{text: a, buttons: [{title: b}]}]}\n", "sends its title."),
        ("responses: {utter_a: [{text: a, buttons: [{payload: b}]}]}\n", "shows its payload."),
        ("responses: {utter_a: []}\n", "domain.yml:1: response utter_a has no text."),
        ("responses: {utter_a: [{text: a, condition: [{type: x, name: a}]}]}\n", "always holds."),
        ("intents: [{greet: {colour: red}}]\n", "intent greet has no key 'colour'; it has no"),
        ("config: {colour: red}\n", "config has no key 'colour'; it has no meaning here."),
        ("intents: [{greet: {triggers: utter_a}}]\n", "triggers has no meaning since Rasa 3."),
        ("version: '4.0'\nintents: []\n", "domain.yml:1: format 4.0 is read as 3.1."),
        ("intents: []\npolicy_groups: {}\n", "no section is called 'policy_groups'; it is not"),
    ],
)
def test_what_rasa_takes_too_is_told_and_stops_nothing(
    text: str, notice: str, write_bot: WriteBot
) -> None:
    (told,) = load_bot(write_bot(domain=text), validate=False).notices

    assert notice in told
