from __future__ import annotations

from pathlib import Path

import pytest

from assistant.endpoints import Address, Service, read_endpoints
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
        pytest.param("action_endpont: {url: http://localhost}", id="misspelt"),
        pytest.param("action_endpoint: {url: http://localhost, tokn: a}", id="misspelt-key"),
        pytest.param("action_endpoint: {url: http://localhost, headers: a}", id="headers"),
        pytest.param("tracker_store: {type: sqll}", id="unknown-type"),
        pytest.param("tracker_store: {type: sql, dialct: sqlite}", id="misspelt-option"),
        pytest.param("tracker_store: SQL", id="no-mapping"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(BotFileError, match=r"^endpoints\.yml"):
        action_address(write(tmp_path, text))


def test_every_endpoint_is_read_with_its_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "secret")
    folder = write(
        tmp_path,
        """\
version: "3.1"
action_endpoint:
  url: "http://localhost:5055/webhook"
  headers: {X-Team: shop}
  basic_auth: {username: u, password: p}
  token: t
  enable_selective_domain: true
nlg: {url: http://localhost:5056/nlg}
models: {url: http://models/latest, wait_time_between_pulls: 10}
tracker_store: {type: SQL, dialect: postgresql, url: db, password: "${DB_PASSWORD}"}
lock_store: {type: redis, url: localhost, port: 6379, db: 1}
event_broker: {url: localhost, username: u, password: p, queues: [q]}
rasa_x: {}
""",
    )

    found = read_endpoints(folder / "endpoints.yml")

    assert found.action_endpoint == Address(
        url="http://localhost:5055/webhook", headers={"X-Team": "shop"}, token="t",
        basic_auth={"username": "u", "password": "p"}, options={"enable_selective_domain": True},
    )  # fmt: skip
    assert found.nlg == Address(url="http://localhost:5056/nlg")
    assert found.models is not None
    assert found.models.options == {"wait_time_between_pulls": 10}
    assert found.tracker_store == Service(
        type="sql", options={"dialect": "postgresql", "url": "db", "password": "secret"}
    )
    assert found.lock_store is not None
    assert found.lock_store.type == "redis"
    assert found.event_broker is not None
    assert found.event_broker.type == "pika"
    assert "rasa_x" in found.unused


def test_a_store_of_ones_own_may_have_any_keys(tmp_path: Path) -> None:
    folder = write(tmp_path, "tracker_store: {type: my.Store, colour: red}\n")

    assert read_endpoints(folder / "endpoints.yml").tracker_store == Service(
        type="my.Store", options={"colour": "red"}
    )


@pytest.mark.parametrize("value", ["${NOT_SET}", '"${NOT_SET}"'])
def test_a_missing_variable_is_named_with_its_line(tmp_path: Path, value: str) -> None:
    folder = write(tmp_path, f"nlg:\n  url: http://localhost\n  token: {value}\n")

    with pytest.raises(BotFileError, match=r"^endpoints\.yml:3: the environment variable NOT_SET"):
        read_endpoints(folder / "endpoints.yml")
