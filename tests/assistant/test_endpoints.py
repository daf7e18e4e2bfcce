from __future__ import annotations

from pathlib import Path

import pytest

from assistant.endpoints import read_endpoints
from assistant.errors import BotFileError


def action_address(folder: Path) -> str | None:
    return read_endpoints(folder / "endpoints.yml").actions


def write(folder: Path, text: str) -> Path:
    (folder / "endpoints.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_action_server_of_a_bot_is_found(tmp_path: Path) -> None:
    folder = write(tmp_path, "action_endpoint:\n  url: http://localhost:5055/webhook\n")

    assert action_address(folder) == "http://localhost:5055/webhook"


@pytest.mark.parametrize("text", ["", "nlg:\n  url: http://localhost\n", "# nothing\n"])
def test_a_bot_may_have_none(tmp_path: Path, text: str) -> None:
    assert action_address(write(tmp_path, text)) is None


def test_a_bot_without_the_file_has_none(tmp_path: Path) -> None:
    assert action_address(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("action_endpoint: [", id="no-yaml"),
        pytest.param("action_endpoint: {url: 5}", id="number"),
        pytest.param("action_endpoint: {url: 'file:///etc/passwd'}", id="file"),
        pytest.param("action_endpoint: here", id="text"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(BotFileError, match=r"^endpoints\.yml"):
        action_address(write(tmp_path, text))
