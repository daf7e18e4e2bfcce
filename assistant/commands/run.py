"""``trilogue run``: serve a trained bot."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from .options import (
    BotFolder,
    EngineName,
    EngineOption,
    HostOption,
    ModelPath,
    PortOption,
    tell_loading,
)
from .rasa_flags import RUN, taking
from .serving import (
    ApiOption,
    CorsOption,
    EndpointsOption,
    StoreOption,
    TokenOption,
    settings_of,
)

_ACTIONS = (
    "Actions in the bot's own Python run inside the bot and need no server; "
    "start one for rasa_sdk with: python -m rasa_sdk --actions actions --port 5055"
)


class Part(str, Enum):
    """What Rasa runs alone."""

    actions = "actions"


@taking(RUN)
def run(
    part: Annotated[
        Part | None,
        typer.Argument(help="actions: only say how to start them.", show_default=False),
    ] = None,
    bot: BotFolder = Path(),
    model: ModelPath = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 5005,
    engine: EngineOption = EngineName.int8,
    store: StoreOption = None,
    endpoints: EndpointsOption = None,
    cors: CorsOption = None,
    enable_api: ApiOption = False,
    auth_token: TokenOption = None,
) -> None:
    """Serve the trained bot: websocket, Rasa's REST webhook, and a page to try it on.

    Example: [bold]trilogue run --port 5005 --cors https://shop.example[/bold]
    """
    if part is Part.actions:
        typer.echo(_ACTIONS)
        return
    from assistant import registry

    settings = settings_of(
        bot, model=model, store=store, host=host, port=port, engine=engine,
        endpoints=endpoints, cors=cors, api=enable_api, auth_token=auth_token or None,
    )  # fmt: skip
    tell_loading()
    registry.server().serve(settings, on_ready=_announce)


def _announce(address: str) -> None:
    typer.echo(f"Ready: {address}   (stop with Ctrl+C)")
