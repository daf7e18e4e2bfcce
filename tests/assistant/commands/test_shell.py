from __future__ import annotations

import io
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


class _Wording(BaseHTTPRequestHandler):
    """An NLG server that says one thing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"text": "Worded elsewhere"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Keep the test's output clean."""


def test_an_nlg_server_words_responses_in_the_shell_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.install(set_part=monkeypatch.setattr)
    train_bot(TINY, out=tmp_path / "models")
    level = logging.getLogger().level
    with ThreadingHTTPServer(("127.0.0.1", 0), _Wording) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoints = tmp_path / "endpoints.yml"
        endpoints.write_text(
            f"nlg: {{url: 'http://127.0.0.1:{server.server_port}/nlg'}}\n", encoding="utf-8"
        )
        monkeypatch.setattr("sys.stdin", io.StringIO("/greet\n/stop\n"))
        places = ["--model", str(tmp_path / "models"), "--store", str(tmp_path / "chats.db")]
        words = ["shell", "--bot", str(TINY), *places, "--endpoints", str(endpoints)]
        monkeypatch.setattr("sys.argv", ["trilogue", *words])

        with pytest.raises(SystemExit) as ended:
            command_line.main()
        server.shutdown()

    logging.getLogger().setLevel(level)
    assert ended.value.code == 0
    assert "Worded elsewhere" in capsys.readouterr().out
