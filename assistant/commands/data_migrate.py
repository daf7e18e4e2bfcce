"""``trilogue data migrate``: the files of a bot of Rasa 2 in the format of Rasa 3."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder
from .rasa_flags import MIGRATE, taking


@taking(MIGRATE)
def migrate(
    bot: BotFolder = Path(),
    out: Annotated[
        Path | None,
        typer.Option(help="Write the changed files here.", show_default="in place"),
    ] = None,
) -> None:
    """Rewrite a bot of Rasa 2 in the format of Rasa 3; the originals are kept.

    Mappings move from forms to slots, a slot that its own entity filled says so, and versions
    become 3.1. Such bots are read as they are, too.

    Example:  [bold]trilogue data migrate --bot my-bot[/bold]
    """
    from assistant.files.migration import migrate_bot

    done = migrate_bot(bot, out)
    if not done.written:
        typer.echo("Nothing to do: the files are in format 3.")
        return
    if done.upgraded:
        typer.echo(f"Brought into the shape of Rasa 3: {done.upgraded}.")
    for name in done.written:
        typer.echo(f"  {name}")
    where = f"The originals are in {done.backup}." if done.backup else f"They are in {out}."
    typer.echo(where)
