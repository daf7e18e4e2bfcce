from __future__ import annotations

import logging
from pathlib import Path

import pytest
from conftest import WriteBot
from talks import Talk

from assistant.actions import load_actions
from assistant.errors import ActionError

DOMAIN = """\
    intents: [find, greet]
    slots:
      state: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    actions: [action_find]
    responses:
      utter_found: [{text: "It is {state}, {name}"}]
      utter_default: [{text: Pardon}]
      utter_greet: [{text: Hello}]
    """
RULES = """\
    rules:
    - rule: a
      steps: [{intent: find}, {action: action_find}]
    - rule: b
      steps: [{intent: greet}, {action: utter_greet}]
    """


@pytest.fixture
def root(write_bot: WriteBot) -> Path:
    return write_bot(domain=DOMAIN, data__rules=RULES)


def write_action(root: Path, body: str, word: str = "def") -> None:
    text = f"from assistant.actions import action\n@action\n{word} action_find(turn):\n    {body}\n"
    (root / "actions.py").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("word", ["def", "async def"])
async def test_an_action_says_responses_and_sets_slots(root: Path, word: str) -> None:
    write_action(root, "turn.set('state', 'on its way'); turn.say('utter_found', name='Ann')", word)
    talk = Talk(root)

    assert await talk.say("find") == ["It is on its way, Ann"]
    assert talk.sources == ["action"]
    assert talk.slots == {"state": "on its way"}


async def test_an_action_may_say_a_text_and_choose_what_comes_next(root: Path) -> None:
    write_action(root, "turn.say('One moment.'); turn.go_on_with('utter_greet')")

    assert await Talk(root).say("find") == ["One moment.", "Hello"]


@pytest.mark.parametrize("word", ["def", "async def"])
async def test_a_failing_action_is_told_in_the_log_and_the_bot_goes_on(
    root: Path, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    write_action(root, "raise ValueError('no stock list')", word)
    talk = Talk(root)

    with caplog.at_level(logging.ERROR):
        assert await talk.say("find") == ["Pardon"]

    assert "action action_find: ValueError: no stock list" in caplog.text
    assert await talk.say("greet") == ["Hello"]


async def test_an_action_that_nothing_runs_is_told_in_the_log(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert await Talk(root).say("find") == ["Pardon"]

    assert "nothing runs the action 'action_find'" in caplog.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import nothing_of_that_name\n", r"actions.py:1: ModuleNotFoundError"),
        ("x = 1\ny = x +\n", r"actions.py:2: SyntaxError"),
        ("x = 1\n\ny = z\n", r"actions.py:3: NameError"),
    ],
)
def test_a_file_that_cannot_be_imported_is_told_with_its_line(
    root: Path, text: str, expected: str
) -> None:
    (root / "actions.py").write_text(text, encoding="utf-8")

    with pytest.raises(ActionError, match=expected):
        load_actions(root)


def test_files_for_rasas_sdk_are_left_to_its_server(root: Path) -> None:
    (root / "actions").mkdir()
    (root / "actions" / "actions.py").write_text("from rasa_sdk import Action\n", encoding="utf-8")

    assert load_actions(root).actions == {}
