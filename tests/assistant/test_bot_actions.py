"""Reading a bot's Python actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.actions import ActionTurn, load_actions
from assistant.errors import ActionError


def write(root: Path, **files: str) -> Path:
    (root / "actions").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / "actions" / f"{name}.py").write_text(text, encoding="utf-8")
    return root


SHOW = """
from assistant.actions import ActionTurn, action
from .book import NAME

@action
def action_show(turn: ActionTurn) -> None:
    turn.say(NAME)
"""


def said(root: Path) -> str:
    turn = ActionTurn(conversation="c", text="", language="en", intent=None, entities=[], slots={})
    load_actions(root).actions["action_show"](turn)
    return turn.said[0][0]


def test_files_of_the_folder_may_import_each_other(tmp_path: Path) -> None:
    assert said(write(tmp_path, a_show=SHOW, book="NAME = 'the first'")) == "the first"


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    said(write(tmp_path, a_show=SHOW, book="NAME = 'the first'"))

    assert said(write(tmp_path, book="NAME = 'another one'")) == "another one"


def test_two_bots_keep_their_files_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, a_show=SHOW, book=f"NAME = {name!r}")

    assert [said(tmp_path / "one"), said(tmp_path / "two")] == ["one", "two"]


def test_a_file_that_cannot_be_imported_is_named_with_its_line(tmp_path: Path) -> None:
    root = write(tmp_path, a_show="\nfrom .nowhere import NAME\n")

    with pytest.raises(ActionError, match=r"actions/a_show\.py:2: ModuleNotFoundError"):
        load_actions(root)
