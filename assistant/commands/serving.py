"""What the verbs that serve a bot have in common: settings, and the two addresses."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from assistant.component import ServerSettings

from .options import EngineName, models_of

StoreOption = Annotated[
    str | None,
    typer.Option(help="Where conversations live: a file or an SQLAlchemy address",
                 show_default="conversations.db in the bot's folder"),
]  # fmt: skip
EndpointsOption = Annotated[
    Path | None,
    typer.Option(help="The bot's endpoints.", show_default="endpoints.yml in the bot's folder"),
]
CorsOption = Annotated[
    list[str] | None,
    typer.Option(help="Origin of a website that may embed the chat; may be given again."),
]
ApiOption = Annotated[
    bool,
    typer.Option("--enable-api", help="Serve Rasa's HTTP API too: parsing, and trackers."),
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--auth-token", "-t", envvar="AUTH_TOKEN", help="What the HTTP API asks for as ?token=."
    ),
]


def settings_of(
    bot: Path,
    *,
    model: Path | None = None,
    store: str | None = None,
    host: str = "127.0.0.1",
    port: int = 5005,
    engine: EngineName = EngineName.int8,
    endpoints: Path | None = None,
    cors: list[str] | None = None,
    api: bool = False,
    auth_token: str | None = None,
) -> ServerSettings:
    """Put the server's settings together from the options of a verb.

    Raises:
        BotFilesError: ``endpoints.yml`` has faults.
    """
    from assistant import registry
    from assistant.endpoints import read_endpoints

    found = read_endpoints(endpoints or bot / "endpoints.yml")
    for key in found.unused:
        logging.getLogger(__name__).warning("endpoints.yml: %s is not used here", key)
    return ServerSettings(
        models=models_of(bot, model),
        store=store or bot / "conversations.db",
        host=host,
        port=port,
        engine=engine.value,
        actions=found.action_endpoint,
        nlg=found.nlg,
        cors=tuple(cors or ()),
        website=registry.page().website(),
        api=api,
        auth_token=auth_token,
    )
