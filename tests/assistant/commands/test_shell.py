from __future__ import annotations

import logging
from pathlib import Path

import fakes
import pytest

from assistant import command_line
from assistant.training import train_bot

TINY = Path(__file__).parent.parent.parent / "bots" / "tiny"


def test_a_damaged_store_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.install(set_part=monkeypatch.setattr)
    train_bot(TINY, out=tmp_path / "models")
    store = tmp_path / "chats.db"
    store.write_bytes(b"no database at all" * 100)
    words = [
        "shell",
        "--bot",
        str(TINY),
        "--model",
        str(tmp_path / "models"),
        "--store",
        str(store),
    ]
    monkeypatch.setattr("sys.argv", ["trilogue", *words])
    level = logging.getLogger().level

    with pytest.raises(SystemExit) as ended:
        command_line.main()

    logging.getLogger().setLevel(level)
    assert ended.value.code == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last == (
        f"{store}: cannot be opened (file is not a database). "
        "Move the file away, or name another one: --store FILE"
    )
