"""The command ``trilogue``: help, faults in one line, and the verbs that need no weights."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import fakes
import pytest
from typer.testing import CliRunner

from assistant import command_line

TINY = Path(__file__).parent.parent / "bots" / "tiny"
VERBS = (
    "train", "test", "shell", "run", "ui", "init", "demo", "parse", "detect", "translate",
    "generate", "doctor", "pretrain", "quantize", "visualize", "export", "evaluate", "interactive",
)  # fmt: skip


def run(*words: str, text: str = "") -> tuple[int, str, str]:
    """Run a verb in this process; returns status, stdout, stderr."""
    result = CliRunner().invoke(command_line.app, list(words), input=text)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def run_apart(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from assistant.command_line import main; main()", *words],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a trained tiny bot with fake models; conversations go elsewhere."""
    fakes.install(set_part=monkeypatch.setattr)
    status, _, _ = run("train", "--bot", str(TINY), "--out", str(tmp_path / "models"))
    assert status == 0
    return tmp_path


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    status, out, _ = run(verb, "--help")

    assert status == 0
    assert "Usage" in out
    assert verb in out


def test_help_loads_no_heavy_library() -> None:
    heavy = {"torch", "transformers", "aiohttp", "gradio", "numpy", "sqlalchemy", "sklearn"}
    code = f"import assistant.command_line, sys; print({heavy!r} & set(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["train", "--bot", "nowhere"], "no such folder", id="no-folder"),
        pytest.param(["parse", "hi", "--bot", "nowhere"], "holds no trained model", id="no-model"),
        pytest.param(
            ["run", "--model", "nowhere", "--port", "0"],
            "holds no trained model",
            id="run-no-model",
        ),
        pytest.param(["pretrain", "generator", "--data", "nowhere"], "--data", id="no-data"),
        pytest.param(["translate", "hi", "--base", "./nowhere"], "no such model", id="no-base"),
    ],
)
def test_a_users_mistake_is_one_line_and_status_2(words: list[str], said: str) -> None:
    done = run_apart(*words)

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_in_a_file_names_the_line_and_all_are_told(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("language: en\nlanguge: en\n", encoding="utf-8")
    (tmp_path / "domain.yml").write_text("intents:\n- greet\nslotz: {}\n", encoding="utf-8")

    done = run_apart("train", "--bot", str(tmp_path))

    assert done.returncode == 2
    assert "config.yml:2: languge: no such key. Did you mean 'language'?" in done.stderr
    assert "domain.yml:3: no section is called 'slotz'. Did you mean 'slots'?" in done.stderr


def test_training_prints_json_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(set_part=monkeypatch.setattr)

    _, first, _ = run("train", "--bot", str(TINY), "--out", str(tmp_path), "--json")
    _, second, _ = run("train", "--bot", str(TINY), "--out", str(tmp_path), "--json")

    assert set(json.loads(first)["trained"]) >= {"nlu", "generation"}
    assert json.loads(second)["trained"] == []
    assert json.loads(second)["model"] == json.loads(first)["model"]


def test_parse_shows_what_was_understood(trained: Path) -> None:
    status, out, _ = run("parse", "it is 4711", "--model", str(trained / "models"), "--json")

    assert status == 0
    assert json.loads(out)["intent"]["name"] == "inform"
    assert json.loads(out)["entities"][0]["value"] == "4711"


def test_the_shell_talks_and_a_number_chooses_a_button(trained: Path) -> None:
    _, out, _ = run(
        "shell", "--bot", str(TINY), "--model", str(trained / "models"),
        "--store", str(trained / "chats.db"), text="hello\n1\nit is 4711\n/stop\n",
    )  # fmt: skip

    assert "Hello! What can I do for you?" in out
    assert "1. Where is my order?" in out
    assert "What is your order number?" in out
    assert "Order 4711 is on its way." in out
    assert "--conversation" in out


def test_the_shell_goes_on_with_a_conversation(trained: Path) -> None:
    words = (
        "shell", "--bot", str(TINY), "--model", str(trained / "models"),
        "--store", str(trained / "chats.db"), "--conversation", "mine",
    )  # fmt: skip
    run(*words, text="where is my order\n/stop\n")

    _, out, _ = run(*words, text="it is 4711\n/stop\n")

    assert "Order 4711 is on its way." in out


def test_the_starter_bot_is_written_once(tmp_path: Path) -> None:
    first, out, _ = run("init", str(tmp_path / "shop"))
    second = run_apart("init", str(tmp_path / "shop"))

    assert first == 0
    assert "trilogue train" in out
    assert second.returncode == 2
    assert (tmp_path / "shop" / "domain.yml").exists()


def test_an_endpoint_without_a_url_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.yml"
    path.write_text("action_endpoint:\n  uri: http://localhost:5055\n", encoding="utf-8")

    done = run_apart("run", "--endpoints", str(path), "--bot", str(TINY))

    assert done.returncode == 2
    assert "endpoints.yml:" in done.stderr
    assert "needs a url" in done.stderr


def test_the_shell_talks_where_an_action_server_is_named(trained: Path) -> None:
    path = trained / "endpoints.yml"
    path.write_text("action_endpoint:\n  url: http://127.0.0.1:9/webhook\n", encoding="utf-8")

    status, out, _ = run(
        "shell", "--bot", str(TINY), "--model", str(trained / "models"), "--endpoints", str(path),
        "--store", str(trained / "chats.db"), text="hello\n/stop\n",
    )  # fmt: skip

    assert status == 0
    assert "Hello! What can I do for you?" in out


@pytest.mark.parametrize("verb", [each for each in VERBS if each not in ("train", "evaluate")])
def test_every_help_gives_an_example(verb: str) -> None:
    _, out, _ = run(verb, "--help")

    assert "Example" in out
    assert f"trilogue {verb}" in " ".join(out.split())


def test_the_shell_shows_what_is_understood_alone(trained: Path) -> None:
    _, out, _ = run(
        "shell", "nlu", "--model", str(trained / "models"), text="it is 4711\n\nhello\n/stop\nno\n"
    )

    first, _, second, last = out.split("\n> ")[1:]
    assert json.loads(first)["intent"]["name"] == "inform"
    assert json.loads(first)["entities"][0]["value"] == "4711"
    assert json.loads(second)["intent"]["name"] == "greet"
    assert not last.strip()


def test_init_takes_rasas_options(tmp_path: Path) -> None:
    status, out, _ = run("init", "--no-prompt", "--init-dir", str(tmp_path / "shop"))

    assert status == 0
    assert (tmp_path / "shop" / "config.yml").exists()
    assert "cd " in out


def test_stories_are_drawn_into_a_page(tmp_path: Path) -> None:
    page = tmp_path / "stories.html"

    status, out, _ = run("visualize", "--bot", str(TINY), "--out", str(page))
    missing = run_apart("visualize", "--bot", str(TINY), "--stories", "gone.yml")

    assert status == 0
    assert str(page) in out
    assert "<svg" in page.read_text(encoding="utf-8")
    assert missing.stderr == "gone.yml: no such file or folder of stories.\n"


def test_stored_conversations_are_exported_and_marked(trained: Path) -> None:
    store, lines, marks = (trained / each for each in ("chats.db", "chats.jsonl", "marks.csv"))
    run(
        "shell", "--bot", str(TINY), "--model", str(trained / "models"), "--store", str(store),
        "--conversation-id", "anna", text="hello\nit is 4711\n/stop\n",
    )  # fmt: skip
    (trained / "markers.yml").write_text("greeted: {action: utter_greet}\n", encoding="utf-8")

    run("export", "--bot", str(TINY), "--store", str(store), "--out", str(lines))
    status, out, _ = run(
        "evaluate", "markers", "all", str(marks), "--bot", str(TINY), "--store", str(store),
        "--config", str(trained / "markers.yml"), "--stats-file-prefix", str(trained / "stats"),
    )  # fmt: skip

    events = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert {each["sender_id"] for each in events} == {"anna"}
    assert [each["text"] for each in events if each["event"] == "user"] == ["hello", "it is 4711"]
    assert status == 0
    assert "1 moments in 1 sessions" in out
    assert (trained / "stats-per-session.csv").exists()
    row = marks.read_text(encoding="utf-8").splitlines()[1].split(",")
    assert row[:3] == ["anna", "0", "greeted"]
    assert row[4] == "1"


def test_the_bot_is_corrected_by_a_script(trained: Path, tmp_path: Path) -> None:
    root = tmp_path / "bot"
    shutil.copytree(TINY, root)
    answers = "hello my friend\ny\nn\nutter_bye\ny\n\nSave and quit\n\n\n\n"

    status, out, _ = run(
        "interactive", "--bot", str(root), "--model", str(trained / "models"), text=answers
    )

    assert status == 0
    assert "Next:  trilogue train" in out
    assert "- hello my friend" in (root / "data" / "nlu.yml").read_text(encoding="utf-8")
    assert "interactive_story_1" in (root / "data" / "stories.yml").read_text(encoding="utf-8")
