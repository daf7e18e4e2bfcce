from __future__ import annotations

import asyncio
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

FORM = """\
    intents: [go, inform]
    entities: [name]
    slots:
      name: {type: text, mappings: [{type: from_entity, entity: name}]}
    forms: {f: {required_slots: [name]}}
    responses:
      utter_ask_name: [{text: "Your name?"}]
      utter_gone: [{text: "Bye {name}"}]
    rules:
    - rule: go
      steps: [{intent: go}, {action: f}, {active_loop: f}]
    - rule: gone
      condition: [{active_loop: f}]
      steps: [{action: f}, {active_loop: null}, {action: utter_gone}]
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


async def test_an_action_in_python_may_follow_though_the_domain_does_not_name_it(
    root: Path,
) -> None:
    write_action(root, "turn.go_on_with('action_more')")
    more = "@action\ndef action_more(turn):\n    turn.say('More.')\n"
    (root / "actions.py").write_text((root / "actions.py").read_text() + more, encoding="utf-8")

    assert await Talk(root).say("find") == ["More."]


async def test_an_unknown_follow_up_is_told_in_the_log_and_passed_over(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_action(root, "turn.say('One moment.'); turn.go_on_with('utter_gret')")
    talk = Talk(root)

    assert await talk.say("find") == ["One moment."]
    assert "the follow-up action 'utter_gret' is unknown" in caplog.text
    assert talk.tracker.last_action == "action_listen"
    assert await talk.say("greet") == ["Hello"]


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


@pytest.mark.parametrize(
    ("word", "body"), [("def", "time.sleep(0.5)"), ("async def", "await asyncio.sleep(5)")]
)
async def test_a_slow_action_ends_its_turn_and_is_told_once(
    write_bot: WriteBot, word: str, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    then = RULES.replace("{action: action_find}", "{action: action_find}, {action: utter_greet}")
    root = write_bot(config="actions: {seconds: 0.05}\n", domain=DOMAIN, data__rules=then)
    write_action(root, f"import asyncio, time; {body}; turn.say('late')", word)
    talk = Talk(root)

    with caplog.at_level(logging.WARNING):
        assert await talk.say("find") == ["Pardon"]

    (line,) = caplog.messages
    assert line.startswith("action action_find: given up after 0.05 s.")
    assert await talk.say("greet") == ["Hello"]


async def test_a_plain_action_that_waits_keeps_no_other_conversation_waiting(root: Path) -> None:
    write_action(root, "import time; time.sleep(0.3)")
    slow, quick = Talk(root), Talk(root)
    waiting = asyncio.ensure_future(slow.say("find"))
    await asyncio.sleep(0.02)

    assert await quick.say("greet") == ["Hello"]
    assert not waiting.done()
    await waiting


async def test_a_plain_check_of_a_form_keeps_no_other_conversation_waiting(
    write_bot: WriteBot,
) -> None:
    root = write_bot(domain=FORM)
    (root / "actions.py").write_text(
        "import time\nfrom assistant.actions import check_slot\n"
        "@check_slot('f', 'name')\ndef name(value, turn):\n    time.sleep(0.3)\n    return value\n",
        encoding="utf-8",
    )
    slow, quick = Talk(root), Talk(root)
    await slow.say("go")
    waiting = asyncio.ensure_future(slow.say("inform", name="Ann"))
    await asyncio.sleep(0.02)

    assert await quick.say("go") == ["Your name?"]
    assert not waiting.done()
    assert await waiting == ["Bye Ann"]


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
