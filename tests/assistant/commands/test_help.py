"""The help of every verb says what its options are, and what holds without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from assistant import command_line


def verbs(group: Any = None, *above: str) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - click's commands
    """All verbs, those of groups too: their words, and the command."""
    for name, command in (group or typer.main.get_command(command_line.app)).commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, *above, name)
        else:
            yield (*above, name), command


VERBS = dict(verbs())


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_option_is_explained_and_no_word_is_eaten_as_markup(words: tuple[str, ...]) -> None:
    shown = CliRunner(env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"}).invoke(
        command_line.app, [*words, "--help"]
    )
    text = " ".join(shown.stdout.replace("│", " ").split())

    for option in VERBS[words].params:
        if option.name == "help" or option.hidden:
            continue
        assert option.help, f"{option.name} has no help"
        assert " ".join(option.help.split()) in text
        if isinstance(option.show_default, str):
            assert f"[default: ({option.show_default})]" in text


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_verb_shows_how_it_is_called(words: tuple[str, ...]) -> None:
    told = VERBS[words].help or ""

    assert f"trilogue {' '.join(words)}" in told.partition("Example")[2]


@pytest.mark.parametrize(
    ("port", "why"),
    [("99999", "less than or equal to 65535"), ("-1", "greater than or equal to 0")],
)
@pytest.mark.parametrize(
    "words", [("run", "--port"), ("demo", "--page-port"), ("ui", "--server-port")], ids=" ".join
)
def test_a_port_that_cannot_be_is_refused_at_once(
    words: tuple[str, ...], port: str, why: str
) -> None:
    result = CliRunner().invoke(command_line.app, [*words, port])

    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", " ").split())
