from __future__ import annotations

import json

import fakes
import pytest
from typer.testing import CliRunner

from assistant import command_line


@pytest.fixture(autouse=True)
def _without_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(set_part=monkeypatch.setattr)


def translate(*words: str, text: str = "") -> tuple[str, str]:
    result = CliRunner().invoke(command_line.app, ["translate", *words], input=text)
    if result.exception is not None:
        raise result.exception
    return result.stdout.rstrip("\n"), result.stderr.rstrip("\n")


def test_a_text_in_the_wanted_language_stays_and_that_is_said() -> None:
    out, notes = translate("where is my parcel")

    assert out == "where is my parcel"
    assert "in en already" in notes
    assert "--to takes: zh" in notes


@pytest.mark.parametrize(
    ("words", "translation"),
    [
        (("我的订单在哪里",), "where is my order"),
        (("where is my order", "--to", "zh"), "我的订单在哪里"),
        (("where is my order", "--from", "en", "--to", "zh"), "我的订单在哪里"),
    ],
)
def test_the_language_of_a_text_is_told_by_the_text(
    words: tuple[str, ...], translation: str
) -> None:
    assert translate(*words) == (translation, "")


def test_lines_of_two_languages_are_each_translated_from_their_own() -> None:
    out, notes = translate("-", "--json", text="谢谢\nhello\n")

    assert [(row["from"], row["translation"]) for row in json.loads(out)] == [
        ("zh", "thank you"),
        ("en", "hello"),
    ]
    assert notes.startswith("1 of 2 lines are in en already")
