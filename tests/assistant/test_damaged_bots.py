"""Whatever stands in a bot's files, reading them gives a bot or lines that say what is wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.bot import load_bot
from assistant.errors import BotFilesError

FILES: dict[str, str] = {
    "config.yml": """
language: en
pipeline: [{name: FallbackClassifier, threshold: 0.4}]
policies: [{name: MemoizationPolicy, max_history: 4}]
generation: {enabled: true, rank: 8, floor: 0.2}
translation: {languages: [en, zh]}
sentiment: {slot: mood, upset_below: -0.4}
""",
    "domain.yml": """
intents: [greet, faq, {affirm: {use_entities: [city]}}]
entities: [{city: {roles: [from, to]}}]
slots:
  mood: {type: categorical, values: [calm, upset], mappings: [{type: custom}]}
  score: {type: float, min_value: 0, max_value: 5, mappings: [{type: custom, action: action_x}]}
  town:
    type: text
    influence_conversation: false
    mappings:
    - {type: from_entity, entity: city, role: to, intent: greet, not_intent: [affirm]}
    - {type: from_text, conditions: [{active_loop: trip_form, requested_slot: town}]}
forms: {trip_form: {required_slots: [town], ignored_intents: [faq]}}
responses:
  utter_ask_town: [{text: Where, buttons: [{title: Oslo, payload: /greet}]}]
  utter_default:
  - {text: Done, channel: rest, condition: [{type: slot, name: town, value: Oslo}]}
  - {text: Done, translation: {zh: 好}, custom: {a: 1}, image: x.png}
  utter_faq/hours: [{text: Nine to six.}]
actions: [action_x, {action_y: {send_domain: true}}]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
""",
    "data/nlu.yml": """
nlu:
- intent: greet
  metadata: {sentiment: neutral}
  examples: |
    - hello
    - to [Oslo]{"entity": "city", "role": "to"}
- intent: faq/hours
  examples: [{text: when do you open, metadata: {a: b}}]
- synonym: Oslo
  examples: |
    - capital
- regex: number
  examples: |
    - [0-9]+
- lookup: city
  examples: |
    - Bergen
""",
    "data/stories.yml": """
stories:
- story: one
  metadata: {language: en}
  steps:
  - intent: greet
    entities: [{city: Oslo, role: to}]
  - slot_was_set: [{town: Oslo}]
  - action: utter_default
  - checkpoint: here
- story: two
  steps:
  - checkpoint: here
    slot_was_set: [town]
  - or: [{intent: affirm}, {intent: greet}]
  - action: trip_form
  - active_loop: trip_form
  - active_loop: null
rules:
- rule: three
  condition: [{active_loop: trip_form}]
  conversation_start: true
  wait_for_user_input: false
  steps: [{intent: faq}, {action: utter_faq}]
""",
    "tests/test_stories.yml": """
stories:
- story: test
  steps:
  - user: to [Oslo](city)
    intent: greet
  - action: utter_default
  - bot: Done
""",
}
ODD_VALUES: tuple[Any, ...] = (None, 5, "odd", [], {"odd": 1}, [["odd"]], True)


def places(node: object) -> Iterator[tuple[object, ...]]:
    """Yield the path of every part of a tree."""
    if isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield (key,)
            yield from ((key, *path) for path in places(value))


def with_value(tree: object, path: tuple[object, ...], value: object) -> object:
    tree = copy.deepcopy(tree)
    node: Any = tree
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return tree


def complaint(root: Path) -> str:
    try:
        load_bot(root)
    except BotFilesError as error:
        return str(error)
    return ""


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_the_undamaged_bot_is_read(tmp_path: Path) -> None:
    write(tmp_path, FILES)

    bot = load_bot(tmp_path)

    assert len(bot.data.examples) == 3
    assert [story.name for story in bot.tests] == ["test"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_an_odd_value_anywhere_gives_lines_and_no_traceback(name: str, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    tree = yaml.safe_load(FILES[name])
    damages = [(path, value) for path in places(tree) for value in ODD_VALUES]
    for path, value in damages[::2]:  # seven values: each stands at every other place
        text = yaml.safe_dump(with_value(tree, path, value), allow_unicode=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

        told = complaint(tmp_path)

        assert all(": " in line for line in told.splitlines()), (path, value, told)
