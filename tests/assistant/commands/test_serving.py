"""What the verbs that serve a bot say at once, and what they hand on to the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from assistant import command_line, registry
from assistant.component import ServerSettings
from assistant.endpoints import Address


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[ServerSettings, Result]]:
    """Run ``trilogue run`` with a server that only takes its settings."""
    taken: list[ServerSettings] = []

    def run(*words: str, **environment: str) -> tuple[ServerSettings, Result]:
        part = SimpleNamespace(serve=lambda settings, on_ready: taken.append(settings))  # noqa: ARG005
        monkeypatch.setattr(registry, "server", lambda: part)
        result = CliRunner(env=environment).invoke(command_line.app, ["run", *words])
        assert result.exit_code == 0, result.output
        return taken[-1], result

    return run


def test_it_is_said_at_once_that_models_are_loaded(
    serve: Callable[..., tuple[ServerSettings, Result]],
) -> None:
    _, result = serve()

    assert "Loading the models" in result.stdout


def test_the_http_api_is_closed_unless_it_is_asked_for(
    serve: Callable[..., tuple[ServerSettings, Result]],
) -> None:
    settings, _ = serve()

    assert (settings.api, settings.auth_token) == (False, None)


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("--enable-api", "-t", "s3cret"), {}),
        (("--enable-api", "--auth-token", "s3cret"), {}),
        (("--enable-api",), {"AUTH_TOKEN": "s3cret"}),
    ],
)
def test_the_http_api_is_opened_with_a_token(
    serve: Callable[..., tuple[ServerSettings, Result]],
    words: tuple[str, ...],
    environment: dict[str, str],
) -> None:
    settings, _ = serve(*words, **environment)

    assert (settings.api, settings.auth_token) == (True, "s3cret")


def test_the_action_server_is_asked_with_all_that_endpoints_yml_says_of_it(
    serve: Callable[..., tuple[ServerSettings, Result]],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "endpoints.yml").write_text(
        "action_endpoint: {url: http://localhost:5055/webhook, token: s3cret}\n"
        "nlg: {url: http://localhost:5056/nlg}\n"
        "lock_store: {type: redis}\n",
        encoding="utf-8",
    )

    settings, _ = serve("--bot", str(tmp_path))

    assert settings.actions == Address(url="http://localhost:5055/webhook", token="s3cret")
    assert "lock_store is not used here" in caplog.text
    assert "nlg" not in caplog.text
