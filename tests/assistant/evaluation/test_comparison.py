from __future__ import annotations

import json
import shutil
from pathlib import Path

import fakes
import pytest

from assistant.bot import load_bot
from assistant.errors import BotFileError, TrilogueError
from assistant.evaluation.comparison import Compared, thinned
from assistant.evaluation.run import run_tests
from assistant.training import train_bot

TINY = Path(__file__).parents[2] / "bots" / "tiny"


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An untrained bot with two configurations."""
    fakes.install(set_part=monkeypatch.setattr)
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root)
    for name in ("small", "large"):
        (root / f"{name}.yml").write_text("language: en\n", encoding="utf-8")
    return root


def test_configurations_are_compared_by_learning_curves(bot: Path, tmp_path: Path) -> None:
    compared = Compared(
        configs=[bot / "small.yml", bot / "large.yml"], runs=2, left_out=(0, 50)
    )  # fmt: skip

    run = run_tests(bot, only="nlu", out=tmp_path / "out", compared=compared)

    results = json.loads((run.out / "results.json").read_text(encoding="utf-8"))
    assert set(results) == {"small", "large"}
    assert [len(curve) for curve in results["small"]] == [2, 2]
    assert results["small"] == results["large"]  # the fakes read no configuration
    assert run.numbers["f1_small"] == pytest.approx(sum(c[0] for c in results["small"]) / 2)
    assert (run.out / "nlu_model_comparison_graph.png").read_bytes().startswith(b"\x89PNG")
    report = run.out / "run_2" / "50%_exclusion" / "large_report" / "intent_report.json"
    assert "accuracy" in json.loads(report.read_text(encoding="utf-8"))


def test_a_share_is_left_out_of_each_intent_but_never_all_of_it() -> None:
    examples = load_bot(TINY).data.examples

    half, most = thinned(examples, 50, seed=1), thinned(examples, 99, seed=1)

    intents = {each.intent for each in examples}
    assert {each.intent for each in most} == intents
    assert len(most) == len(intents)
    assert len(most) < len(half) < len(examples)
    assert thinned(examples, 0, seed=1) != []
    assert half == thinned(examples, 50, seed=1)


def test_two_configurations_need_two_names(bot: Path, tmp_path: Path) -> None:
    compared = Compared(configs=[bot / "small.yml", bot / "small.yml"], runs=1)

    run = run_tests(bot, out=tmp_path / "out", compared=compared)

    assert run.misses == ["nlu: -c: two configurations have the same file name; rename one."]


def test_the_models_of_a_folder_are_compared_on_the_conversations(
    bot: Path, tmp_path: Path
) -> None:
    (bot / "tests").mkdir()
    (bot / "tests" / "test_stories.yml").write_text(
        "stories:\n- story: hi\n  steps:\n  - {user: hello, intent: greet}\n"
        "  - action: utter_greet\n",
        encoding="utf-8",
    )
    train_bot(bot, name="first")
    rules = bot / "data" / "rules.yml"
    rules.write_text(rules.read_text("utf-8").replace("utter_greet", "utter_bye"), "utf-8")
    train_bot(bot, name="second")

    run = run_tests(bot, out=tmp_path / "out", compared=Compared())

    results = json.loads((run.out / "results.json").read_text(encoding="utf-8"))
    assert results["first"]["success"] == 1.0
    assert results["second"]["success"] == 0.0
    assert any(line.startswith("second: 0 of 1 conversations") for line in run.lines)


def test_a_suite_that_cannot_be_compared_is_told(bot: Path, tmp_path: Path) -> None:
    with pytest.raises(TrilogueError, match="cannot be compared"):
        run_tests(bot, only="translation", out=tmp_path, compared=Compared())


def test_a_missing_configuration_is_told(bot: Path, tmp_path: Path) -> None:
    with pytest.raises(BotFileError, match="no such configuration"):
        run_tests(bot, out=tmp_path, config=bot / "gone.yml")
