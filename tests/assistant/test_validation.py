from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.errors import BotFilesError

DOMAIN = """
    intents: [greet, faq]
    entities: [city]
    slots:
      town: {type: text, mappings: [{type: from_entity, entity: city}]}
    forms: {trip_form: {required_slots: [town]}}
    actions: [action_book]
    responses:
      utter_greet: [{text: Hello}]
      utter_faq/hours: [{text: Nine to six}]
    """


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "data__nlu", "nlu:\n- intent: gret\n  examples: |\n    - hello\n",
            "data/nlu.yml:4: intent 'gret' is not in the domain. Did you mean 'greet'?",
            id="intent-of-an-example",
        ),
        pytest.param(
            "data__nlu", "nlu:\n- intent: greet\n  examples: |\n    - from [Oslo](citi)\n",
            "data/nlu.yml:4: entity 'citi' is not in the domain. Did you mean 'city'?",
            id="entity-of-an-example",
        ),
        pytest.param(
            "data__nlu", "nlu:\n- intent: faq/price\n  examples: |\n    - how much\n",
            "data/nlu.yml:4: no response is called 'utter_faq/price'.",
            id="answer-of-a-retrieval-intent",
        ),
        pytest.param(
            "data__stories", "stories:\n- story: a\n  steps:\n  - intent: geet\n",
            "data/stories.yml:4: intent 'geet' is not in the domain. Did you mean 'greet'?",
            id="intent-in-a-story",
        ),
        pytest.param(
            "data__stories", "stories:\n- story: a\n  steps:\n  - action: utter_gret\n",
            "data/stories.yml:4: no action is called 'utter_gret'. Did you mean 'utter_greet'?",
            id="action-in-a-story",
        ),
        pytest.param(
            "data__rules", "rules:\n- rule: a\n  steps:\n  - active_loop: trip_from\n",
            "data/rules.yml:4: no form is called 'trip_from'. Did you mean 'trip_form'?",
            id="form-in-a-rule",
        ),
        pytest.param(
            "data__rules", "rules:\n- rule: a\n  condition:\n  - slot_was_set: [{twn: x}]\n"
            "  steps:\n  - intent: greet\n",
            "data/rules.yml:4: no slot is called 'twn'. Did you mean 'town'?",
            id="slot-in-a-condition",
        ),
        pytest.param(
            "data__stories", "stories:\n- story: a\n  steps:\n  - or: [{intent: greet}, "
            "{intent: fag}]\n",
            "data/stories.yml:4: intent 'fag' is not in the domain. Did you mean 'faq'?",
            id="intent-inside-or",
        ),
        pytest.param(
            "tests__test_a", "stories:\n- story: a\n  steps:\n  - user: '[x](cty)'\n"
            "    intent: greet\n",
            "tests/test_a.yml:4: entity 'cty' is not in the domain. Did you mean 'city'?",
            id="entity-in-a-test",
        ),
        pytest.param(
            "domain__more", "forms:\n  other_form:\n    required_slots: [twon]\n",
            "domain/more.yml:2: form other_form: no slot is called 'twon'. Did you mean 'town'?",
            id="slot-of-a-form",
        ),
        pytest.param(
            "domain__more",
            "slots:\n  size:\n    type: text\n    mappings: [{type: from_entity, entity: citty}]\n",
            "domain/more.yml:2: slot size: entity 'citty' is not in the domain. "
            "Did you mean 'city'?",
            id="entity-of-a-mapping",
        ),
        pytest.param(
            "config", "sentiment: {slot: moood}\n",
            "config.yml: sentiment.slot: no slot is called 'moood'. Known: town.",
            id="sentiment-slot",
        ),
        pytest.param(
            "config", "generation: {fallback: utter_gret}\n",
            "config.yml: generation.fallback: no response is called 'utter_gret'. "
            "Did you mean 'utter_greet'?",
            id="fallback-response",
        ),
    ],
)  # fmt: skip
def test_a_name_that_nothing_defines_is_told_with_its_place_and_the_nearest(
    name: str, text: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(domain=DOMAIN, **{name: text})

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert str(caught.value).splitlines() == [expected]


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
