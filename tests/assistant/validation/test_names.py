from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.errors import BotFilesError
from assistant.validation import validate_bot

DOMAIN = """
    intents: [greet, faq]
    entities: [{city: {roles: [from, to]}}]
    slots:
      town: {type: text, mappings: [{type: from_entity, entity: city}]}
    forms: {trip_form: {required_slots: [town]}}
    actions: [action_book]
    responses:
      utter_greet: [{text: Hello}]
      utter_ask_town: [{text: Where}]
      utter_faq/hours: [{text: Nine to six}]
    """
REFUSED = [
    pytest.param(
        "data__stories", "stories:\n- story: a\n  steps:\n  - action: utter_gret\n",
        "data/stories.yml:4: no action is called 'utter_gret'. Did you mean 'utter_greet'?",
        id="action-in-a-story",
    ),
    pytest.param(
        "data__stories", "stories:\n- story: a\n  steps:\n  - action: utter_missing\n",
        "data/stories.yml:4: no action is called 'utter_missing'. "
        "Add the response to the domain, or correct the name.",
        id="response-in-a-story",
    ),
    pytest.param(
        "data__rules", "rules:\n- rule: a\n  steps:\n  - active_loop: trip_from\n",
        "data/rules.yml:4: no form is called 'trip_from'. Did you mean 'trip_form'?",
        id="form-in-a-rule",
    ),
    pytest.param(
        "domain__more", "forms:\n  other_form:\n    required_slots: [twon]\n",
        "domain/more.yml:2: form other_form: no slot is called 'twon'. Did you mean 'town'?",
        id="slot-of-a-form",
    ),
    pytest.param(
        "domain__more",
        "slots:\n  size:\n    type: text\n    mappings:\n    - type: from_text\n"
        "      conditions: [{active_loop: trip_from}]\n",
        "domain/more.yml:2: slot size: a condition names the form 'trip_from', which is not in the "
        "domain. Did you mean 'trip_form'?",
        id="form-of-a-condition",
    ),
    pytest.param(
        "domain__more",
        "slots:\n  size:\n    type: text\n    mappings:\n    - type: from_text\n"
        "      conditions: [{active_loop: trip_form}]\n",
        "domain/more.yml:2: slot size: a condition names the form 'trip_form', which does not ask "
        "for it. Add size to its required_slots.",
        id="slot-that-the-form-of-its-condition-does-not-ask-for",
    ),
    pytest.param(
        "config", "sentiment: {slot: moood}\n",
        "config.yml: sentiment.slot: no slot is called 'moood'. "
        "Add it to the domain, or correct the name.",
        id="sentiment-slot",
    ),
    pytest.param(
        "config", "generation: {fallback: utter_gret}\n",
        "config.yml: generation.fallback: no response is called 'utter_gret'. "
        "Did you mean 'utter_greet'?",
        id="fallback-response",
    ),
]  # fmt: skip
TAKEN = [
    pytest.param(
        "data__nlu", "nlu:\n- intent: gret\n  examples: |\n    - hello\n",
        "data/nlu.yml:4: warning: intent 'gret' is not in the domain. Did you mean 'greet'?",
        id="intent-of-an-example",
    ),
    pytest.param(
        "data__nlu", "nlu:\n- intent: greet\n  examples: |\n    - from [Oslo](citi)\n",
        "data/nlu.yml:4: warning: entity 'citi' is not in the domain. Did you mean 'city'?",
        id="entity-of-an-example",
    ),
    pytest.param(
        "data__nlu",
        'nlu:\n- intent: greet\n  examples: |\n    - [Oslo]{"entity": "city", "role": "form"}\n',
        "data/nlu.yml:4: warning: entity 'city' has no role 'form' in the domain. "
        "Did you mean 'from'?",
        id="role-of-an-example",
    ),
    pytest.param(
        "data__nlu", "nlu:\n- intent: faq/price\n  examples: |\n    - how much\n",
        "data/nlu.yml:4: warning: no response is called 'utter_faq/price'. "
        "Add it under responses:",
        id="answer-of-a-retrieval-intent",
    ),
    pytest.param(
        "data__stories", "stories:\n- story: a\n  steps:\n  - intent: geet\n",
        "data/stories.yml:4: warning: intent 'geet' is not in the domain. Did you mean 'greet'?",
        id="intent-in-a-story",
    ),
    pytest.param(
        "data__rules", "rules:\n- rule: a\n  condition:\n  - slot_was_set: [{twn: x}]\n"
        "  steps:\n  - intent: greet\n  - action: utter_greet\n",
        "data/rules.yml:4: warning: no slot is called 'twn'. Did you mean 'town'?",
        id="slot-in-a-condition",
    ),
    pytest.param(
        "data__stories", "stories:\n- story: a\n  steps:\n  - or: [{intent: greet}, "
        "{intent: fag}]\n",
        "data/stories.yml:4: warning: intent 'fag' is not in the domain. Did you mean 'faq'?",
        id="intent-inside-or",
    ),
    pytest.param(
        "tests__test_a", "stories:\n- story: a\n  steps:\n  - user: '[x](cty)'\n"
        "    intent: greet\n",
        "tests/test_a.yml:4: warning: entity 'cty' is not in the domain. Did you mean 'city'?",
        id="entity-in-a-test",
    ),
    pytest.param(
        "domain__more",
        "slots:\n  size:\n    type: text\n    mappings: [{type: from_entity, entity: citty}]\n",
        "domain/more.yml:2: warning: slot size: entity 'citty' is not in the domain. "
        "Did you mean 'city'?",
        id="entity-of-a-mapping",
    ),
    pytest.param(
        "domain__more",
        "slots:\n  size:\n    type: text\n    mappings: [{type: from_intent, intent: gret, "
        "value: 1}]\n",
        "domain/more.yml:2: warning: slot size: intent 'gret' is not in the domain. "
        "Did you mean 'greet'?",
        id="intent-of-a-mapping",
    ),
    pytest.param(
        "domain__more",
        "responses:\n  utter_ask:\n  - text: Hi\n    buttons: [{title: Go, payload: /gret}]\n",
        "domain/more.yml:2: warning: utter_ask: a button means the intent 'gret', which is not in "
        "the domain. Did you mean 'greet'?",
        id="intent-of-a-button",
    ),
    pytest.param(
        "domain__more",
        "responses:\n  utter_ask:\n  - text: Hi\n    buttons:\n"
        "    - {title: Go, payload: '/greet{\"citi\": 1}'}\n",
        "domain/more.yml:2: warning: utter_ask: a button gives the entity 'citi', which is not in "
        "the domain. Did you mean 'city'?",
        id="entity-of-a-button",
    ),
    pytest.param(
        "domain__more", "actions: [utter_bye]\n",
        "action 'utter_bye' has no response. Add it under responses:",
        id="action-without-its-response",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), REFUSED)
def test_a_name_without_which_a_bot_cannot_run_stops_its_reading(
    name: str, text: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(domain=DOMAIN, **{name: text})

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert str(caught.value).splitlines() == [expected]
    place, what = expected.split(": ", 1)
    told = [str(each) for each in validate_bot(load_bot(root, validate=False)).errors]
    assert told == [f"{place}: error: {what}"]


@pytest.mark.parametrize(("name", "text", "expected"), TAKEN)
def test_of_any_other_unknown_name_there_is_a_warning_with_the_nearest(
    name: str, text: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(domain=DOMAIN, **{name: text})

    found = validate_bot(load_bot(root))

    assert not found.errors
    assert any(str(each).endswith(expected) for each in found.warnings)


def test_an_unknown_name_in_many_examples_is_told_once(write_bot: WriteBot) -> None:
    lines = "".join(f"    - hello [{i}](citi)\n" for i in range(9))
    root = write_bot(domain=DOMAIN, data__nlu=f"nlu:\n- intent: gret\n  examples: |\n{lines}")

    found = validate_bot(load_bot(root))

    told = [each for each in found if each.check in {"unknown-intent", "unknown-entity"}]
    assert [each.where for each in told] == ["data/nlu.yml:4", "data/nlu.yml:4"]


def test_names_of_every_kind_that_are_defined_pass(write_bot: WriteBot) -> None:
    root = write_bot(
        domain=DOMAIN,
        data__all="""\
            stories:
            - story: a
              steps:
              - intent: faq/hours
              - action: utter_faq
              - intent: restart
              - action: action_restart
              - intent: greet
              - action: trip_form
              - slot_was_set: [{requested_slot: town}]
              - action: action_book
            """,
    )

    assert load_bot(root).stories
