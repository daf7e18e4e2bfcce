"""``trilogue ui``: the chat page that shows what the bot understood."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import (
    HIGHEST_PORT,
    BotFolder,
    EngineName,
    EngineOption,
    HostOption,
    ModelPath,
    PortOption,
    tell_loading,
)
from .serving import settings_of


def ui(
    bot: BotFolder = Path(),
    model: ModelPath = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 7860,
    server: Annotated[
        str | None,
        typer.Option(help="Address of a running chat server", show_default="one is started"),
    ] = None,
    server_port: Annotated[
        int, typer.Option(min=0, max=HIGHEST_PORT, help="Port of the server that is started.")
    ] = 5005,
    engine: EngineOption = EngineName.int8,
) -> None:
    """Open a page to chat on: language, intent, entities, sentiment, and who answered.

    Example: [bold]trilogue ui[/bold]
    """
    from assistant import registry

    page = registry.page()
    if server is not None:
        page.serve(server, host=host, port=port, on_ready=announce)
        return
    settings = settings_of(bot, model=model, port=server_port, engine=engine)
    tell_loading()
    with registry.server().running(settings) as address:
        typer.echo(f"Chat server:  {address}")
        page.serve(address, host=host, port=port, on_ready=announce)


def announce(address: str) -> None:
    """Print where the page is."""
    typer.echo(f"Chat page:    {address}   (stop with Ctrl+C)")
