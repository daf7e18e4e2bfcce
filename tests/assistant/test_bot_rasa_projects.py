"""Small bots in the shapes that public Rasa bots have; each is read without a fault."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from assistant.bot import Bot, load_bot
from assistant.credentials import read_credentials
from assistant.endpoints import read_endpoints
from assistant.stories import CheckpointStep, OrStep, UserStep


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return root


def read(root: Path, files: dict[str, str]) -> Bot:
    return load_bot(write(root, files))


CONFIG = """\
    # The config recipe.
    recipe: default.v1
    assistant_id: 20240101-000000-quiet-otter
    language: en
    pipeline:
    # # No configuration for the NLU pipeline was provided.
    #   - name: WhitespaceTokenizer
    policies:
    """
STARTER = {
    "config.yml": CONFIG,
    "domain.yml": """\
        version: "3.1"

        intents:
          - greet
          - mood_great
          - bot_challenge

        responses:
          utter_greet:
          - text: "Hey! How are you?"
            buttons:
            - title: "great"
              payload: "/mood_great"
          utter_happy:
          - text: "Great, carry on!"
            image: "https://example.com/happy.jpg"
          utter_iamabot:
          - text: "I am a bot, powered by Rasa."

        session_config:
          session_expiration_time: 60
          carry_over_slots_to_new_session: true
        """,
    "data/nlu.yml": """\
        version: "3.1"

        nlu:
        - intent: greet
          examples: |
            - hey
            - good morning
        - intent: mood_great
          examples: |
            - perfect
        - intent: bot_challenge
          examples: |
            - are you a bot?
        """,
    "data/rules.yml": """\
        version: "3.1"

        rules:

        - rule: Say 'I am a bot' anytime the user challenges
          steps:
          - intent: bot_challenge
          - action: utter_iamabot
        """,
    "data/stories.yml": """\
        version: "3.1"

        stories:

        - story: happy path
          steps:
          - intent: greet
          - action: utter_greet
          - intent: mood_great
          - action: utter_happy
        """,
    "tests/test_stories.yml": """\
        #### This file contains tests to evaluate that your bot behaves as expected.
        version: "3.1"

        stories:
        - story: happy path 1
          steps:
          - user: |
              hello there!
            intent: greet
          - action: utter_greet
        """,
    "credentials.yml": "rest:\nrasa:\n  url: 'http://localhost:5002/api'\n",
    "endpoints.yml": "# action_endpoint:\n#   url: http://localhost:5055/webhook\n",
    "actions/__init__.py": "",
    "actions/actions.py": "# from rasa_sdk import Action\n",
}


def test_what_rasa_init_writes_is_read_without_a_word(tmp_path: Path) -> None:
    bot = read(tmp_path, STARTER)

    assert bot.notices == []
    assert [story.name for story in bot.stories] == ["happy path"]
    assert [story.name for story in bot.tests] == ["happy path 1"]
    assert read_credentials(tmp_path / "credentials.yml").keys() == {"rest", "rasa"}
    assert read_endpoints(tmp_path / "endpoints.yml").actions is None


def test_folders_endings_and_files_of_other_kinds_do_not_matter(tmp_path: Path) -> None:
    bot = read(
        tmp_path,
        {
            "config.yaml": CONFIG,
            "domain/main.yaml": "version: '3.1'\nintents: [greet, faq]\n",
            "domain/answers/small_talk.yml": "responses: {utter_greet: [{text: Hi}]}\n",
            "data/nlu/small_talk/greet.yaml": "nlu: [{intent: greet, examples: '- hi'}]\n",
            "data/nlu/faq.yml": """\
                nlu:
                - intent: faq/hours
                  examples: |
                    - when do you open
                responses:
                  utter_faq/hours: [{text: Nine to six.}]
                """,
            "data/core/rules.yml": """\
                rules:
                - rule: faq
                  steps: [{intent: faq}, {action: utter_faq}]
                """,
            "data/lookup/cities.txt": "Oslo\nBergen\n",
            "data/README.md": "# Training data\n",
            "data/notes.md": "## To do\n\nMore examples\n",
            "data/nlu/config.yml": "nlu: [{intent: greet, examples: '- set up'}]\n",
            "data/knowledge_base.json": '{"hotel": [{"id": 1}]}',
            "data/flows.yml": "flows: {transfer: {steps: []}}\n",
            "docker-compose.yml": "services: {rasa: {image: rasa/rasa}}\n",
            "original_domain.yml": "intents: 5\n",
            "models/old/domain.yml": "intents: 5\n",
            "results/failed_test_stories.yml": "stories: 5\n",
            ".github/workflows/ci.yml": "on: push\n",
            "tests/e2e_test_cases.yml": "test_cases: [{test_case: a, steps: [{user: hi}]}]\n",
            "test_stories/talk.yml": "stories: [{story: t, steps: [{user: hi, intent: greet}]}]",
        },
    )

    assert set(bot.domain.intents) == {"greet", "faq"}
    assert bot.domain.intents["faq"].retrieval
    assert [example.intent for example in bot.data.examples] == ["greet", "faq/hours", "greet"]
    assert not bot.stories
    assert [story.name for story in bot.tests] == ["t"]
    assert bot.notices == []


@pytest.mark.parametrize(
    "text",
    ["## intent:greet\n- hi\n", "<!-- old -->\n## happy\n* greet\n  - utter_greet\n"],
)
def test_markdown_of_rasa_1_is_told(text: str, tmp_path: Path) -> None:
    bot = read(tmp_path, {**STARTER, "data/old.md": text})

    assert bot.notices == [
        "data/old.md: is not read: Markdown of Rasa 1. Rasa 2 converts it into YAML."
    ]


def test_a_bot_in_one_folder_without_data_is_read_from_its_files(tmp_path: Path) -> None:
    bot = read(
        tmp_path,
        {
            "config.yml": CONFIG,
            "domain.yml": "intents: [greet]\nresponses: {utter_greet: [{text: Hi}]}\n",
            "nlu.yml": "nlu: [{intent: greet, examples: '- hi'}]\n",
            "stories.yml": "stories: [{story: a, steps: [{intent: greet}]}]\n",
        },
    )

    assert len(bot.data.examples) == len(bot.stories) == 1


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


@pytest.mark.parametrize("version", ['"2.0"', '"3.0"', '"3.1"', "3.1", "'2.8'"])
def test_every_version_of_the_format_is_read(version: str, tmp_path: Path) -> None:
    files = {
        name: text.replace('version: "3.1"', f"version: {version}")
        for name, text in STARTER.items()
    }

    assert read(tmp_path, files).notices == []
