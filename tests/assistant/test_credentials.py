"""The channels of a bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.credentials import Channels, read_credentials
from assistant.errors import BotFileError


def channels(folder: Path, text: str) -> Channels:
    path = folder / "credentials.yml"
    path.write_text(text, encoding="utf-8")
    return read_credentials(path)


def test_a_bot_without_the_file_has_no_channels(tmp_path: Path) -> None:
    assert read_credentials(tmp_path / "credentials.yml") == {}
    assert channels(tmp_path, "# nothing\n") == {}


def test_channels_are_read_with_their_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_TOKEN", "xoxb")
    found = channels(
        tmp_path,
        """\
rest:
socketio: {user_message_evt: user_uttered, session_persistence: true}
slack: {slack_token: '${SLACK_TOKEN}', slack_signing_secret: s}
my.channels.Kiosk: {screen: 4}
""",
    )

    assert found == {
        "rest": {},
        "socketio": {"user_message_evt": "user_uttered", "session_persistence": True},
        "slack": {"slack_token": "xoxb", "slack_signing_secret": "s"},
        "my.channels.Kiosk": {"screen": 4},
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rst:\n", "credentials.yml:1: no channel is called 'rst'. Did you mean 'rest'?"),
        ("socketio: {user_message_event: a}\n", "Did you mean 'user_message_evt'?"),
        (
            "rest:\nslack: {slack_token: a}\n",
            "credentials.yml:2: channel slack needs slack_s",
        ),
        ("telegram: token\n", "credentials.yml:1: channel telegram must be a mapping"),
        ("- rest\n", "credentials must be a mapping"),
        ("callback:\n  url: ${NO_SUCH_URL}\n", "the environment variable NO_SUCH_URL is not set"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(BotFileError) as caught:
        channels(tmp_path, text)

    assert expected in str(caught.value)
