"""``trilogue demo``: from nothing to a chat with the starter bot in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import HIGHEST_PORT, EngineName, HostOption, PortOption, tell_loading
from .serving import settings_of
from .ui import announce


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the bot.")] = Path("demo-bot"),
    host: HostOption = "127.0.0.1",
    port: PortOption = 5005,
    page_port: Annotated[
        int, typer.Option(min=0, max=HIGHEST_PORT, help="Port of the chat page.")
    ] = 7860,
) -> None:
    """Write the starter bot, train it where that is not done yet, and chat with it.

    Example: [bold]trilogue demo[/bold]
    """
    from assistant import registry
    from assistant.starter import write_starter_bot
    from assistant.training import train_bot

    from .progress import progress

    if not folder.exists():
        write_starter_bot(folder)
        typer.echo(f"Wrote the starter bot into {folder}.")
    with progress() as tools:
        train_bot(folder, tools=tools)
    settings = settings_of(folder, host=host, port=port, engine=EngineName.int8)
    tell_loading()
    with registry.server().running(settings) as address:
        typer.echo(f"Website:      {address}   (a page with the chat widget; websocket and REST)")
        registry.page().serve(address, host=host, port=page_port, on_ready=announce)
