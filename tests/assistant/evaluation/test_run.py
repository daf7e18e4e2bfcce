from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import fakes
import pytest

from assistant.bot import load_bot, read_test_stories
from assistant.errors import BotFilesError, UnknownNameError
from assistant.evaluation.bench import TestOptions
from assistant.evaluation.nlu import split
from assistant.evaluation.run import TestRun, run_tests
from assistant.evaluation.translation import read_pairs
from assistant.training import train_bot

TINY = Path(__file__).parents[2] / "bots" / "tiny"
STORIES = """\
stories:
- story: a greeting
  steps:
  - {user: hello, intent: greet}
  - action: utter_greet
- story: this one fails
  steps:
  - {user: thanks, intent: thank}
  - action: utter_welcome
  - {user: "it is [4711](order_number)", intent: greet}
  - action: utter_bye
"""
CHINESE = """\
stories:
- story: 查询订单
  steps:
  - {user: 我的订单在哪里, intent: order_status}
  - action: order_form
  - active_loop: order_form
  - {user: "it is [4711](order_number)", intent: inform}
  - action: order_form
  - active_loop: null
  - action: utter_order
"""


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trained bot with all kinds of tests; its models are fakes."""
    fakes.install(set_part=monkeypatch.setattr)
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root)
    tests = root / "tests"
    tests.mkdir()
    (tests / "test_stories.yml").write_text(STORIES, encoding="utf-8")
    (tests / "test_stories_zh.yml").write_text(CHINESE, encoding="utf-8")
    pairs = "en\tzh\nhello\t你好\nthank you\t谢谢\nwhere is my order\t我的订单在哪里\nGood.\t好。\n"
    (tests / "translation_pairs.tsv").write_text(pairs, encoding="utf-8")
    dialogue = {"turns": ["tell me a story", "You said a word.", "and then?", "The end."]}
    (tests / "dialogues.jsonl").write_text(json.dumps(dialogue) + "\n", encoding="utf-8")
    train_bot(root)
    return root


def report(run: TestRun, name: str) -> Any:  # noqa: ANN401
    return json.loads((run.out / name).read_text(encoding="utf-8"))


def test_one_run_measures_everything_and_writes_every_report(bot: Path, tmp_path: Path) -> None:
    run = run_tests(bot, out=tmp_path / "results", options=TestOptions(folds=2))

    assert {path.name for path in run.out.iterdir()} == {
        "summary.json", "report.html",
        "intent_report.json", "intent_errors.json", "intent_confusion_matrix.png",
        "intent_histogram.png",
        "response_selection_report.json", "response_selection_errors.json",
        "response_selection_confusion_matrix.png", "response_selection_histogram.png",
        "entity_report.json", "entity_span_report.json", "entity_errors.json",
        "entity_confusion_matrix.png",
        "story_report.json", "story_confusion_matrix.png", "failed_conversations.json",
        "failed_test_stories.yml", "stories_with_warnings.yml",
        "translation_report.json", "generation_report.json",
    }  # fmt: skip
    assert run.passed
    assert run.numbers["success"] == pytest.approx(2 / 3)
    assert run.numbers["success_en"] == pytest.approx(1 / 2)
    assert run.numbers["success_zh"] == 1.0
    assert report(run, "summary.json")["numbers"] == pytest.approx(run.numbers)


def test_the_story_report_has_rasas_keys(bot: Path, tmp_path: Path) -> None:
    run = run_tests(bot, only="core", out=tmp_path / "results")

    found = report(run, "story_report.json")

    assert found["conversation_accuracy"] == {
        "accuracy": pytest.approx(2 / 3), "correct": 2, "with_warnings": 0, "total": 3,
    }  # fmt: skip
    assert found["greet"]["confused_with"] == {"inform": 1}
    assert {"accuracy", "macro avg", "weighted avg", "action_listen", "utter_greet"} <= set(found)
    assert [suite.name for suite in run.suites] == ["core"]


def test_failed_conversations_are_written_with_what_came_instead_and_can_be_read_again(
    bot: Path, tmp_path: Path
) -> None:
    run = run_tests(bot, only="core", out=tmp_path / "results")
    path = run.out / "failed_test_stories.yml"
    text = path.read_text(encoding="utf-8")

    assert "intent: greet  # intent: expected greet, got inform" in text
    assert "action: utter_bye  # action: expected utter_bye, got utter_greet" in text
    (story,) = read_test_stories(path, run.out)
    assert story.name == "this one fails (tests/test_stories.yml:6)"
    again = run_tests(bot, only="core", options=TestOptions(stories=path), out=tmp_path / "again")
    assert again.numbers["success"] == 0.0


def test_each_direction_of_the_translator_is_scored(bot: Path, tmp_path: Path) -> None:
    run = run_tests(bot, only="translation", out=tmp_path / "results")

    found = report(run, "translation_report.json")["directions"]

    assert set(found) == {"en-zh", "zh-en"}
    assert found["en-zh"]["sentences"] == 4
    assert "tok:zh" in found["en-zh"]["bleu_signature"]
    assert found["zh-en"]["examples"][0] == {
        "source": "你好", "reference": "hello", "translation": "hello", "chrf": 100.0,
    }  # fmt: skip
    assert run.numbers["bleu"] == min(found[way]["bleu"] for way in found)


def test_the_generator_answers_each_line_after_the_true_ones(bot: Path, tmp_path: Path) -> None:
    run = run_tests(bot, only="generation", out=tmp_path / "results")

    found = report(run, "generation_report.json")

    assert (found["replies"], found["written"], found["templates"]) == (2, 2, 0.0)
    assert found["examples"][1]["history"] == [
        "user: tell me a story", "bot: You said a word.", "user: and then?",
    ]  # fmt: skip
    assert found["confidence"] == pytest.approx(0.9)
    assert found["generation_chrf"] > 0


def test_thresholds_decide_whether_a_run_passed(bot: Path, tmp_path: Path) -> None:
    run = run_tests(
        bot, only="core", out=tmp_path / "results", fail_under="success=0.5,success_en=0.9,f1=0.1"
    )

    assert run.misses == [
        "success_en: 0.5 is under 0.9",
        "f1: was not measured, at least 0.1 was wanted",
    ]
    assert not run.passed
    assert not report(run, "summary.json")["passed"]


def test_held_out_examples_are_read_by_the_trained_bot(bot: Path, tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(
        "nlu:\n- intent: greet\n  metadata: {sentiment: positive}\n  examples: |\n"
        "    - hello great world\n    - hello\n"
        "- intent: inform\n  examples: |\n    - number [999](order_number)\n",
        encoding="utf-8",
    )

    run = run_tests(bot, only="nlu", options=TestOptions(nlu=path), out=tmp_path / "results")

    assert run.numbers["accuracy"] == 1.0
    assert run.numbers["entity_span_recall"] == 0.0  # the fake knows numbers of four digits only
    assert report(run, "sentiment_report.json")["positive"]["recall"] == pytest.approx(0.5)
    assert report(run, "sentiment_errors.json")[0]["text"] == "hello"
    assert report(run, "entity_errors.json")[0]["text"] == "number 999"
    assert "1 of them also stand in the training files." in run.suites[0].notes


def test_results_are_written_though_a_suite_cannot_run(bot: Path, tmp_path: Path) -> None:
    shutil.rmtree(bot / "models")

    run = run_tests(bot, out=tmp_path / "results", options=TestOptions(folds=2))

    faults = {suite.name: suite.fault for suite in run.suites if suite.fault}
    assert set(faults) == {"core", "generation"}
    assert "trilogue train" in str(faults["core"])
    assert not run.passed
    assert report(run, "intent_report.json")["accuracy"] >= 0
    assert "holds no trained model" in (run.out / "report.html").read_text(encoding="utf-8")


def test_a_bot_without_tests_is_told_what_is_missing(bot: Path, tmp_path: Path) -> None:
    shutil.rmtree(bot / "tests")

    everything = run_tests(bot, out=tmp_path / "results", options=TestOptions(folds=2))
    alone = run_tests(bot, only="translation", out=tmp_path / "results")

    assert everything.passed
    assert any(line.startswith("No dialogues: write") for line in everything.lines)
    assert alone.misses == ["translation: No translation pairs in tests/translation_pairs.tsv."]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"only": "nul"}, "no suite is called 'nul'. Did you mean 'nlu'?"),
        (
            {"only": "core", "options": TestOptions(stories=Path("gone.yml"))},
            "gone.yml: no such file",
        ),
        ({"only": "nlu", "options": TestOptions(nlu=Path("gone.yml"))}, "gone.yml: no such file"),
        (
            {"only": "translation", "options": TestOptions(pairs=Path("gone.tsv"))},
            "gone.tsv: no such file",
        ),
    ],
)
def test_a_wrong_name_is_told_in_one_line(
    option: dict[str, Any], told: str, bot: Path, tmp_path: Path
) -> None:
    try:
        lines = run_tests(bot, out=tmp_path / "results", **option).misses
    except UnknownNameError as error:
        lines = [str(error)]

    assert len(lines) == 1
    assert told in lines[0]


def test_folds_spread_each_intent_and_lose_no_example() -> None:
    examples = load_bot(TINY).data.examples * 2

    parts = split(examples, 2, seed=3)

    assert sorted(e.where for part in parts for e in part) == sorted(e.where for e in examples)
    counts = [[sum(e.intent == "thank" for e in part)] for part in parts]
    assert counts == [[2], [2]]
    assert split(examples, 2, seed=3) == parts
    assert split(examples, 2, seed=4) != parts


def test_damaged_pairs_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("de\tfr\nja\toui\nnein\n\na\tb\tc\n", encoding="utf-8")

    with pytest.raises(BotFilesError) as caught:
        read_pairs(path, tmp_path)

    assert [line.split(" ")[0] for line in str(caught.value).splitlines()] == [
        "pairs.tsv:3:", "pairs.tsv:5:",
    ]  # fmt: skip


class Links(HTMLParser):
    """Notes what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href"):
                self.loaded.append(f"{tag} {str(value)[:21]}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_loads_nothing_and_escapes_what_users_wrote(bot: Path, tmp_path: Path) -> None:
    stories = bot / "tests" / "test_stories.yml"
    evil = "<script>alert(1)</script>"
    stories.write_text(STORIES.replace("thanks", evil), encoding="utf-8")

    run = run_tests(bot, out=tmp_path / "results", options=TestOptions(folds=2))
    text = (run.out / "report.html").read_text(encoding="utf-8")
    page = Links()
    page.feed(text)

    assert page.loaded == ["img data:image/png;base64"] * 6
    assert evil not in text
    assert any(evil in words for words in page.words)
    assert "this one fails" in "".join(page.words)
    assert "intent: expected greet, got inform" in "".join(page.words)
