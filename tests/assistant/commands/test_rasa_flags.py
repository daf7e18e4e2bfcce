"""Command lines made for Rasa run on; what does nothing here is told in one line each."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from conftest import WriteBot
from typer.testing import CliRunner

from assistant import registry
from assistant.command_line import app
from assistant.commands import rasa_flags
from assistant.commands.verb import Verb, telling
from assistant.component import ServerSettings
from assistant.formats.formats import read_examples

NLU = """
    nlu:
    - intent: greet
      examples: |
        - hi
        - hello
    """


@pytest.mark.parametrize(
    "flags",
    [
        rasa_flags.RUN,
        rasa_flags.SHELL,
        rasa_flags.VISUALIZE,
        rasa_flags.MARKERS,
        rasa_flags.TEST,
        rasa_flags.MIGRATE,
        rasa_flags.CONVERT,
    ],
)
def test_each_flag_is_taken_with_one_line_and_eats_no_argument(flags: rasa_flags.Flags) -> None:
    verb_app = typer.Typer()

    def verb(name: str) -> None:
        """Do something."""
        typer.echo(f"done {name}")

    verb_app.command(cls=Verb)(telling(rasa_flags.taking(flags)(verb)))
    for names in flags:
        for name in names:
            plain, first = name.lstrip("!*"), names[0].lstrip("!*")
            value = [] if names[0].startswith("!") else ["x"]
            words = [plain, *value, "it"] if names[0][0] != "*" else ["it", plain, "x", "y"]
            done = CliRunner().invoke(verb_app, words)

            assert done.stdout == "done it\n", plain
            assert done.stderr == f"{first} has no meaning here: {flags[names]}\n"
    assert CliRunner().invoke(verb_app, ["it"]).stderr == ""


def test_a_server_is_started_by_the_flags_of_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[ServerSettings] = []
    part = SimpleNamespace(serve=lambda settings, on_ready: taken.append(settings))  # noqa: ARG005
    monkeypatch.setattr(registry, "server", lambda: part)

    words = ["run", "--interface", "0.0.0.0", "-p", "5006", "--credentials", "credentials.yml"]
    done = CliRunner().invoke(app, [*words, "--connector=slack"])

    assert done.exit_code == 0
    assert (taken[0].host, taken[0].port) == ("0.0.0.0", 5006)
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        "--credentials",
        "--connector",
    ]


def test_actions_need_no_server_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(registry, "server")

    done = CliRunner().invoke(app, ["run", "actions", "-p", "5055"])

    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 1
    assert "python -m rasa_sdk --actions actions" in done.stdout


def test_a_graph_is_drawn_by_the_flags_of_rasa(write_bot: WriteBot, tmp_path: Path) -> None:
    stories = "stories: [{story: hi, steps: [{intent: greet}, {action: utter_hi}]}]\n"
    domain = "intents: [greet]\nresponses: {utter_hi: [{text: Hi}]}\n"
    bot = write_bot(config="language: en\n", domain=domain, data__nlu=NLU, data__stories=stories)
    out = tmp_path / "graph.html"

    words = ["--bot", str(bot), "--out", str(out), "-d", "domain.yml", "-u", "data/nlu.yml"]
    done = CliRunner().invoke(app, ["visualize", *words])

    assert done.exit_code == 0, done.output
    assert out.exists()


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_examples_are_converted_by_the_second_form(tmp_path: Path, form: str) -> None:
    source, target = tmp_path / "nlu.yml", tmp_path / f"out.{form}"
    source.write_text("version: '3.1'\nnlu:\n- intent: a\n  examples: |\n    - hi\n    - ho\n")

    words = ["--data", str(source), "--out", str(target), "-f", form]
    done = CliRunner().invoke(app, ["data", "convert", "nlu", *words])

    assert done.exit_code == 0, done.output
    assert [each.text for each in read_examples(target).examples] == ["hi", "ho"]


def test_a_conversion_without_a_target_says_how_to_name_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["data", "convert", str(tmp_path / "nlu.yml")])

    assert "name the file to write" in str(done.exception)
