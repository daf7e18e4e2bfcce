"""``trilogue run``: serve a trained bot."""

from __future__ import annotations

from pathlib import Path

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
from .serving import (
    ApiOption,
    CorsOption,
    EndpointsOption,
    StoreOption,
    TokenOption,
    settings_of,
)


def run(
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
    from assistant import registry

    settings = settings_of(
        bot, model=model, store=store, host=host, port=port, engine=engine,
        endpoints=endpoints, cors=cors, api=enable_api, auth_token=auth_token or None,
    )  # fmt: skip
    tell_loading()
    registry.server().serve(settings, on_ready=_announce)


def _announce(address: str) -> None:
    typer.echo(f"Ready: {address}   (stop with Ctrl+C)")
