from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import fakes
import pytest

from assistant.evaluation.classification import classification_report
from assistant.evaluation.confusion_picture import confusion_picture
from assistant.evaluation.nlu import split
from assistant.evaluation.text_scores import score
from assistant.training import train_bot
from assistant.training_data import Example

pytest_plugins = ["pytester"]
TINY = Path(__file__).parents[2] / "bots" / "tiny"
QUIET = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:aiohttp")
STORIES = """\
stories:
- story: a greeting
  steps:
  - {user: hello, intent: greet}
  - action: utter_greet
- story: this one fails
  steps:
  - {user: thanks, intent: greet}
  - action: utter_bye
"""


@pytest.fixture(scope="module", autouse=True)
def heavy_libraries() -> None:
    """Import them before: a run inside a run takes away what it imports, NumPy allows it once."""
    classification_report([("a", "a")])
    confusion_picture([("a", "a")], "")
    score(["a"], ["a"], "en")
    split([Example(text="a", intent="a")] * 2, 2, seed=1)


@pytest.fixture
def bot(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot in the folder that pytest runs in; it is not trained yet."""
    fakes.install(set_part=monkeypatch.setattr)
    root = pytester.path / "mybot"
    shutil.copytree(TINY, root)
    (root / "tests").mkdir()
    (root / "tests" / "test_stories.yml").write_text(STORIES, encoding="utf-8")
    return root


def test_each_conversation_is_a_test_with_the_dialogue_as_its_failure(
    bot: Path, pytester: pytest.Pytester
) -> None:
    train_bot(bot)

    result = pytester.runpytest_inprocess(*QUIET, "-v", "mybot/")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "mybot/config.yml::nlu PASSED*",
            "mybot/tests/test_stories.yml::a greeting PASSED*",
            "mybot/tests/test_stories.yml::this one fails FAILED*",
            "this one fails (tests/test_stories.yml:6)",
            "   user: thanks ?greet?",
            "     >>> intent: expected greet, got thank",
            "    bot: Goodbye. ?utter_bye?",
            "     >>> action: expected utter_bye, got utter_greet",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_one_conversation_can_be_chosen_by_name(bot: Path, pytester: pytest.Pytester) -> None:
    train_bot(bot)

    result = pytester.runpytest_inprocess(*QUIET, "mybot/tests", "-k", "greeting")

    result.assert_outcomes(passed=1, deselected=1)


def test_thresholds_of_the_option_fail_the_suite_that_missed_them(
    bot: Path, pytester: pytest.Pytester
) -> None:
    pairs = bot / "tests" / "translation_pairs.tsv"
    pairs.write_text("hello\t你好\nwell\t好\nthanks a lot\t多谢\n", encoding="utf-8")

    result = pytester.runpytest_inprocess(
        *QUIET, "mybot/config.yml", "--trilogue-fail-under", "f1=0.01,bleu=99"
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["bleu: * is under 99", "*Captured trilogue call*", "BLEU en*"])


def test_thresholds_may_stand_in_the_bots_own_ini_file(
    bot: Path, pytester: pytest.Pytester
) -> None:
    (bot / "pytest.ini").write_text("[pytest]\ntrilogue_fail_under = f1=1\n", encoding="utf-8")

    result = pytester.runpytest_inprocess(*QUIET, "mybot/config.yml")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["f1: * is under 1"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("f2=1", "*no measure is called 'f2'*"),
        ("success=1", "*success is not measured here; each conversation is a test*"),
    ],
)
def test_a_threshold_of_no_use_stops_before_anything_is_run(
    text: str, told: str, bot: Path, pytester: pytest.Pytester
) -> None:
    result = pytester.runpytest_inprocess(*QUIET, str(bot), "--trilogue-fail-under", text)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_conversations_of_a_bot_that_is_not_trained_fail_with_one_line(
    bot: Path, pytester: pytest.Pytester
) -> None:
    result = pytester.runpytest_inprocess(*QUIET, f"{bot.name}/tests")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*holds no trained model. Train one: trilogue train"])
    assert "Traceback" not in result.stdout.str()


def test_a_damaged_file_of_conversations_is_told_with_its_line(
    bot: Path, pytester: pytest.Pytester
) -> None:
    (bot / "tests" / "test_stories.yml").write_text("stories:\n- stroy: a\n", encoding="utf-8")

    result = pytester.runpytest_inprocess(*QUIET, "mybot/tests")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["tests/test_stories.yml:2: a story has no key 'stroy'.*"])


def test_copies_of_a_bot_inside_its_models_and_other_yaml_are_not_collected(
    bot: Path, pytester: pytest.Pytester
) -> None:
    train_bot(bot)
    (pytester.path / "config.yml").write_text("a: 1\n", encoding="utf-8")
    (pytester.path / "tests").mkdir()
    (pytester.path / "tests" / "test_x.yml").write_text("stories: []\n", encoding="utf-8")

    result = pytester.runpytest_inprocess(*QUIET, "--collect-only", "-q")

    found = [line for line in result.outlines if "::" in line]
    assert found == [
        "mybot/config.yml::nlu",
        "mybot/tests/test_stories.yml::a greeting",
        "mybot/tests/test_stories.yml::this one fails",
    ]


def test_an_ordinary_run_imports_nothing_of_trilogue_but_the_plug_in(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "def test_it():\n"
        "    heavy = {'ruamel', 'sklearn', 'torch', 'sqlalchemy'} & set(sys.modules)\n"
        "    ours = {name for name in sys.modules if name.startswith('assistant.')}\n"
        "    assert not heavy\n"
        "    assert ours == {'assistant.evaluation', 'assistant.evaluation.pytest_plugin'}\n"
    )
    (tmp_path / "test_plain.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", *QUIET, "."]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
