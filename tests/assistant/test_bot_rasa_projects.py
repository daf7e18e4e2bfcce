"""Small bots in the shapes that public Rasa bots have; each is read without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot_files import read

from assistant.credentials import read_credentials
from assistant.endpoints import read_endpoints

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


@pytest.mark.parametrize("version", ['"2.0"', '"3.0"', '"3.1"', "3.1", "'2.8'"])
def test_every_version_of_the_format_is_read(version: str, tmp_path: Path) -> None:
    files = {
        name: text.replace('version: "3.1"', f"version: {version}")
        for name, text in STARTER.items()
    }

    assert read(tmp_path, files).notices == []
