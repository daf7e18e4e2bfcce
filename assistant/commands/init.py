"""``trilogue init``: write the starter bot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make, e.g. my-bot.")] = Path(),
    init_dir: Annotated[
        Path | None, typer.Option("--init-dir", help="The folder, as Rasa takes it.")
    ] = None,
    no_prompt: Annotated[  # noqa: ARG001 - nothing is ever asked here
        bool, typer.Option("--no-prompt", help="Nothing is asked anyway; for scripts of Rasa's.")
    ] = False,
) -> None:
    """Write a complete customer-service bot in English and Chinese to start from.

    Example: [bold]trilogue init my-bot[/bold]
    """
    from assistant.starter import write_starter_bot

    folder = init_dir or folder
    files = write_starter_bot(folder)
    typer.echo(f"Wrote {len(files)} files into {folder}.")
    place = "" if folder == Path() else f"cd {folder} && "
    typer.echo(f"Next:  {place}trilogue train && trilogue ui")
