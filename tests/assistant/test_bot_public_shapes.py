"""Larger bots in the shapes that public Rasa bots have; each is read without a fault."""

from __future__ import annotations

from pathlib import Path

from bot_files import read

from assistant.stories import CheckpointStep, OrStep, UserStep


def test_a_reservation_bot_of_rasa_2_with_bare_forms_is_read_in_place(tmp_path: Path) -> None:
    bot = read(
        tmp_path,
        {
            "config.yml": """\
                language: en
                pipeline:
                - name: SpacyNLP
                  model: en_core_web_md
                - name: SpacyTokenizer
                - name: SpacyEntityExtractor
                - name: DucklingEntityExtractor
                  url: http://duckling.rasa.com:8000
                  dimensions: [number]
                - name: DIETClassifier
                policies:
                - name: RulePolicy
                """,
            "domain.yml": """\
                version: "2.0"
                intents:
                - request: {use_entities: []}
                - inform
                - affirm
                - deny
                - chitchat
                - stop
                entities: [cuisine, number]
                slots:
                  cuisine: {type: text, influence_conversation: false, auto_fill: false}
                  people: {type: float, influence_conversation: false, auto_fill: false}
                  outdoor: {type: bool, influence_conversation: false}
                  requested_slot: {type: text, influence_conversation: false}
                responses:
                  utter_ask_cuisine: [{text: "What cuisine?"}]
                  utter_ask_people: [{text: "How many?"}]
                  utter_ask_outdoor: [{text: "Outside?"}]
                  utter_submit: [{text: "{cuisine} for {people}"}]
                  utter_chitchat: [{text: "Chit"}]
                actions: [validate_table_form]
                forms:
                  table_form:
                    cuisine:
                    - type: from_entity
                      entity: cuisine
                      not_intent: chitchat
                    people:
                    - type: from_entity
                      entity: number
                      intent: [inform, request]
                    outdoor:
                    - type: from_intent
                      intent: affirm
                      value: true
                    - type: from_intent
                      intent: deny
                      value: false
                """,
            "data/rules.yml": """\
                version: "2.0"
                rules:
                - rule: activate
                  steps:
                  - intent: request
                  - action: table_form
                  - active_loop: table_form
                - rule: submit
                  condition:
                  - active_loop: table_form
                  steps:
                  - action: table_form
                  - active_loop: null
                  - slot_was_set:
                    - requested_slot: null
                  - action: utter_submit
                - rule: chit
                  condition: [{active_loop: table_form}]
                  steps:
                  - slot_was_set: [{requested_slot: people}]
                  - intent: chitchat
                  - action: utter_chitchat
                  - action: table_form
                """,
        },
    )

    assert bot.domain.forms["table_form"].required == ("cuisine", "people", "outdoor")
    assert [m.value for m in bot.domain.slots["outdoor"].mappings] == [True, False]
    assert any("in the format of Rasa 2" in line for line in bot.notices)


def test_a_helper_with_rules_checkpoints_and_a_response_selector_is_read(tmp_path: Path) -> None:
    bot = read(
        tmp_path,
        {
            "config.yml": """\
                recipe: default.v1
                language: en
                assistant_id: helper
                pipeline:
                - name: WhitespaceTokenizer
                - name: components.spelling.SpellChecker
                - name: rasa_nlu_examples.featurizers.dense.BytePairFeaturizer
                  vs: 1000
                - name: LanguageModelFeaturizer
                  model_name: bert
                  model_weights: rasa/LaBSE
                - name: DIETClassifier
                  epochs: 100
                - name: ResponseSelector
                  retrieval_intent: faq
                  epochs: 100
                - name: FallbackClassifier
                  threshold: 0.7
                policies:
                - name: AugmentedMemoizationPolicy
                  max_history: 4
                - name: UnexpecTEDIntentPolicy
                - name: TEDPolicy
                  max_history: 4
                  featurizer:
                  - name: IntentTokenizerSingleStateFeaturizer
                - name: RulePolicy
                  core_fallback_action_name: action_default_fallback
                """,
            "domain.yml": """\
                version: "3.1"
                intents: [affirm, deny, stuck, {faq: {is_retrieval_intent: true}}, handoff]
                entities:
                - object_type
                - mention
                - city: {roles: [from, to], groups: ["1", "2"]}
                slots:
                  steps:
                    type: list
                    mappings: [{type: custom, action: action_collect}]
                  step:
                    type: categorical
                    initial_value: "1"
                    values: ["1", "2", any]
                    mappings: [{type: from_intent, value: "2", intent: stuck}]
                  town:
                    type: text
                    influence_conversation: true
                    mappings:
                    - type: from_entity
                      entity: city
                      role: to
                      conditions: [{active_loop: null}]
                responses:
                  utter_faq/price: [{text: It is free.}]
                  utter_next:
                  - text: Next
                    condition: [{type: slot, name: step, value: "2"}]
                    channel: socketio
                    quick_replies: [{title: More, payload: /stuck}]
                  - custom: {blocks: [{type: divider}]}
                actions:
                - action_query_knowledge_base
                - action_collect: {send_domain: true}
                - validate_town_form
                forms: {town_form: {required_slots: [town], ignored_intents: [faq]}, empty_form: }
                e2e_actions: [how about sushi?]
                config: {store_entities_as_slots: true}
                """,
            "data/stories.yml": """\
                version: "3.1"
                stories:
                - story: first
                  metadata: {author: me}
                  steps:
                  - intent: stuck
                    entities: [{city: Oslo, role: to}, object_type]
                  - slot_was_set: [town, {step: "2"}]
                  - action: utter_next
                  - checkpoint: after
                - story: second
                  steps:
                  - checkpoint: after
                    slot_was_set: [{step: "2"}]
                  - or:
                    - intent: affirm
                    - intent: deny
                  - action: town_form
                  - active_loop: town_form
                  - active_loop: null
                  - bot: how about sushi?
                  - user: I had that yesterday
                  - action: action_collect
                """,
        },
    )

    first, second = bot.stories
    assert isinstance(first.steps[-1], CheckpointStep)
    assert isinstance(second.steps[1], OrStep)
    assert any(isinstance(step, UserStep) and step.intent is None for step in second.steps)
    assert bot.domain.forms["empty_form"].required == ()
    assert bot.domain.entities["city"].groups == ("1", "2")
    told = "\n".join(bot.notices)
    for name in ("SpellChecker", "BytePairFeaturizer", "LanguageModelFeaturizer (model_name, "):
        assert name in told
