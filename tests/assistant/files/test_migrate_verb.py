"""``trilogue data migrate`` on the command line."""

from __future__ import annotations

from conftest import WriteBot
from typer.testing import CliRunner

from assistant.command_line import app


def test_the_verb_says_what_it_wrote_and_where_the_originals_are(write_bot: WriteBot) -> None:
    root = write_bot(domain="version: '2.0'\nslots: {a: {type: text}}\n")

    done = CliRunner().invoke(app, ["data", "migrate", "--bot", str(root)])

    assert done.exit_code == 0
    assert "Brought into the shape of Rasa 3: 1 slot." in done.output
    assert "domain.yml" in done.output
    assert "original_files" in done.output
    assert (root / "original_files" / "domain.yml").exists()


def test_a_bot_of_rasa_3_is_left_alone(write_bot: WriteBot) -> None:
    root = write_bot(domain="version: '3.1'\nintents: []\n")

    done = CliRunner().invoke(app, ["data", "migrate", "--bot", str(root)])

    assert "Nothing to do" in done.output
    assert not (root / "original_files").exists()
