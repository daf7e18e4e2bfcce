from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from assistant.commands.verb import Verb, spread, telling


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["-p", "0", "25", "50"], ["-p", "0", "-p", "25", "-p", "50"]),
        (["-p", "0", "-c", "a", "b"], ["-p", "0", "-c", "a", "b"]),
        (["nlu", "-p", "0", "--out", "x"], ["nlu", "-p", "0", "--out", "x"]),
        (["-p", "0", "-p", "25"], ["-p", "0", "-p", "25"]),
        (["-p=0", "rest"], ["-p=0", "rest"]),
        ([], []),
    ],
)
def test_an_option_of_several_values_is_spread(given: list[str], read: list[str]) -> None:
    assert spread(given, {"-p"}) == read


@pytest.fixture
def level() -> Iterator[logging.Logger]:
    """The root logger, whose level is put back."""
    logger = logging.getLogger()
    before = logger.level
    yield logger
    logger.setLevel(before)


def app() -> typer.Typer:
    """A command of one verb, which prints what it was given."""
    found = typer.Typer()

    def verb(
        name: str, share: Annotated[list[int] | None, typer.Option("--share", "-p")] = None
    ) -> None:
        """Do something."""
        typer.echo(f"{name} {share}")

    found.command(cls=Verb)(telling(verb))
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-v"], logging.INFO),
        (["-vv"], logging.DEBUG),
        (["--verbose", "--verbose"], logging.DEBUG),
        (["--debug"], logging.DEBUG),
        (["--quiet"], logging.ERROR),
    ],
)
def test_every_verb_is_told_how_much_to_tell(
    words: list[str], expected: int, level: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRILOGUE_DEBUG", "")

    done = CliRunner().invoke(app(), ["x", "-p", "0", "25", *words])

    assert done.stdout == "x [0, 25]\n"
    assert level.level == expected


def test_logging_is_configured_by_a_file(tmp_path: Path, level: logging.Logger) -> None:
    path = tmp_path / "logging.yml"
    path.write_text("version: 1\nloggers: {shop: {level: ERROR}}\n", encoding="utf-8")

    other = logging.getLogger("elsewhere")

    CliRunner().invoke(app(), ["x", "--logging-config-file", str(path)])
    broken = CliRunner().invoke(app(), ["x", "--logging-config-file", str(tmp_path / "no.yml")])

    assert not other.disabled
    assert logging.getLogger("shop").level == logging.ERROR
    assert "cannot be read" in str(broken.exception)
    assert level.name == "root"


def test_an_option_of_the_verbs_own_goes_before_the_common_one() -> None:
    found = typer.Typer()

    def verb(debug: Annotated[bool, typer.Option("--debug")] = False) -> None:
        """Do something."""
        typer.echo(f"mine: {debug}")

    found.command()(telling(verb))

    assert CliRunner().invoke(found, ["--debug"]).stdout == "mine: True\n"
