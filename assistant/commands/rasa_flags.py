"""Rasa's flags that do nothing here: a script made for Rasa runs on, and is told what to do."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any

import typer

Flags = Mapping[tuple[str, ...], str]
"""Names of a flag to what to do instead; ``!`` before a name: no value, ``*``: several."""

_TLS = "let a proxy (nginx, Caddy) speak TLS before the server."
_JWT = "guard the HTTP API with --auth-token, or let a proxy check the tokens."
_CHANNELS = "the REST webhook and the websocket are always served."
_LOG = "redirect stderr, or describe a file with --logging-config-file."
_TIME = (
    "the server has limits of its own, and actions have theirs in config.yml (actions: seconds)."
)
_DOMAIN = "the bot's own domain is read; name another bot's folder with --bot."

_LOGGING: Flags = {
    ("--log-file",): _LOG,
    ("!--use-syslog",): _LOG,
    ("--syslog-address",): _LOG,
    ("--syslog-port",): _LOG,
    ("--syslog-protocol",): _LOG,
}
_SERVING: Flags = {
    **_LOGGING,
    ("--credentials",): _CHANNELS,
    ("--connector",): _CHANNELS,
    ("--ssl-certificate",): _TLS,
    ("--ssl-keyfile",): _TLS,
    ("--ssl-ca-file",): _TLS,
    ("--ssl-password",): _TLS,
    ("--jwt-secret",): _JWT,
    ("--jwt-method",): _JWT,
    ("--jwt-private-key",): _JWT,
    ("--response-timeout",): _TIME,
    ("--request-timeout",): _TIME,
    ("--remote-storage",): "copy the model's folder here, and name it with --model.",
}
_SDK = "hand it to rasa_sdk: python -m rasa_sdk --help"
_NO_SERVER = "the shell listens on no address; serve the bot with: trilogue run"

RUN: Flags = {**_SERVING, ("--actions",): _SDK, ("!--auto-reload",): _SDK}
SHELL: Flags = {
    **_SERVING,
    ("--port", "-p"): _NO_SERVER,
    ("--interface", "-i"): _NO_SERVER,
    ("*--cors",): _NO_SERVER,
    ("!--enable-api",): _NO_SERVER,
    ("--auth-token", "-t"): _NO_SERVER,
}
VISUALIZE: Flags = {
    ("--domain", "-d"): _DOMAIN,
    ("--config", "-c"): "the graph needs no settings.",
    ("--nlu", "-u"): "the graph shows intents, not examples of them.",
}
MARKERS: Flags = {
    ("--domain", "-d"): _DOMAIN,
    ("--endpoints",): "name the conversations with --store.",
}
TEST: Flags = {
    ("--domain", "-d"): _DOMAIN,
    ("--endpoints",): "no action server is asked; the stories say what its actions do.",
    ("--url",): "download the stories, and name the file with --stories.",
}
MIGRATE: Flags = {
    ("--domain", "-d"): "all files of a bot are migrated; name its folder with --bot."
}
CONVERT: Flags = {("--language", "-l"): "a bot's language stands in its config.yml."}


def taking(flags: Flags) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a verb take flags that do nothing but give one line of notice each, on stderr."""
    parameters = {_name(names): _parameter(names) for names in flags}

    def joined(verb: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(verb, eval_str=True)

        @wraps(verb)
        def both(**values: Any) -> None:  # noqa: ANN401 - each verb has its own
            for names, instead in flags.items():
                if values.pop(_name(names), None):
                    flag = names[0].lstrip("!*")
                    typer.echo(f"{flag} has no meaning here: {instead}", err=True)
            verb(**values)

        del both.__wrapped__
        both.__signature__ = own.replace(  # type: ignore[attr-defined]
            parameters=[*own.parameters.values(), *parameters.values()]
        )
        return both

    return joined


def _name(names: tuple[str, ...]) -> str:
    return "rasa_" + names[0].lstrip("!*-").replace("-", "_")


def _parameter(names: tuple[str, ...]) -> inspect.Parameter:
    plain = [name.lstrip("!*") for name in names]
    option = typer.Option(*plain, hidden=True)
    kind = {"!": bool, "*": list[str] | None}.get(names[0][0], str | None)
    return inspect.Parameter(
        _name(names),
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=False if kind is bool else None,
        annotation=Annotated[kind, option],
    )
