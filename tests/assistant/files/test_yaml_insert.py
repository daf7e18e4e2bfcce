from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from assistant.errors import BotFileError
from assistant.files.yaml_insert import YamlText

NLU = """\
# Examples of the shop
version: "3.1"

nlu:
  - intent: greet   # hello
    examples: |
      - hi
      - hello there

  # what people say when they leave
  - intent: bye
    examples: |
      - goodbye

# the end
lookups_follow: []
"""


def test_an_example_stands_below_the_others_of_its_intent_and_nothing_else_changes() -> None:
    file = YamlText(NLU, "nlu.yml")

    file.add_example("greet", "good [day](time)")

    assert file.text == NLU.replace("hello there\n", "hello there\n      - good [day](time)\n")


def test_a_new_intent_is_added_at_the_end_of_its_section() -> None:
    file = YamlText(NLU, "nlu.yml")

    file.add_example("thank", "thanks")

    addition = "  - intent: thank\n    examples: |\n      - thanks\n"
    assert file.text == NLU.replace("- goodbye\n", f"- goodbye\n{addition}")


def test_intents_with_examples_as_a_list_get_an_entry_of_their_own() -> None:
    file = YamlText("nlu:\n- intent: greet\n  examples:\n  - text: hi\n", "nlu.yml")

    file.add_example("greet", "hey")

    data = YAML(typ="safe").load(file.text)
    assert [entry["examples"] for entry in data["nlu"]] == [[{"text": "hi"}], "- hey\n"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("intents:\n- a  # first\n- b\n", "intents:\n- a  # first\n- b\n- c\n"),
        ("intents:\n  - a\nslots: {}\n", "intents:\n  - a\n  - c\nslots: {}\n"),
        ("intents: [a, b]  # all [of them]\n", "intents: [a, b, c]  # all [of them]\n"),
        ("intents: [a,\n  b]\nx: 1\n", "intents: [a,\n  b, c]\nx: 1\n"),
        ("intents: []\n", "intents:\n- c\n"),
        ("intents:\n", "intents:\n- c\n"),
        ("x: 1\n", "x: 1\nintents:\n- c\n"),
        ("", 'version: "3.1"\nintents:\n- c\n'),
    ],
)
def test_a_name_is_added_to_a_list_in_its_own_style(text: str, expected: str) -> None:
    file = YamlText(text, "domain.yml")

    file.add_item("intents", "c")

    assert file.text == expected


def test_a_key_is_added_with_the_indentation_of_the_others() -> None:
    text = "responses:\n    utter_a:\n    - text: A  # the first\n\n# slots\nslots: {}\n"
    file = YamlText(text, "domain.yml")

    file.add_key("responses", "utter_b", [{"text": '你好: "B"'}])

    assert file.text.startswith(
        "responses:\n    utter_a:\n    - text: A  # the first\n    utter_b:"
    )
    assert file.text.endswith("\n\n# slots\nslots: {}\n")
    data = YAML(typ="safe").load(file.text)
    assert data["responses"]["utter_b"] == [{"text": '你好: "B"'}]


def test_a_story_is_added_after_the_last_one() -> None:
    text = "stories:\n# first\n- story: a\n  steps:\n  - intent: greet\n\nrules: []\n"
    file = YamlText(text, "stories.yml")

    file.add_item("stories", {"story": "b", "steps": [{"intent": "bye"}]})

    added = "- story: b\n  steps:\n  - intent: bye\n"
    assert file.text == text.replace("- intent: greet\n", f"- intent: greet\n{added}")


def test_what_cannot_be_read_is_left_alone() -> None:
    with pytest.raises(BotFileError, match="nothing was changed"):
        YamlText("a: [", "broken.yml")
    with pytest.raises(BotFileError, match="one entry per line"):
        YamlText("responses: {a: [{text: x}]}\n", "domain.yml").add_key("responses", "b", [])
