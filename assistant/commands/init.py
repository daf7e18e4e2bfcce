"""``trilogue init``: write the starter bot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make, e.g. my-bot.")] = Path(),
) -> None:
    """Write a complete customer-service bot in English and Chinese to start from."""
    from assistant.starter import write_starter_bot

    files = write_starter_bot(folder)
    typer.echo(f"Wrote {len(files)} files into {folder}.")
    place = "" if folder == Path() else f"cd {folder} && "
    typer.echo(f"Next:  {place}trilogue train && trilogue ui")
