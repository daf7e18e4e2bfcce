"""``trilogue data validate``: look for faults in a bot's files without training."""

from __future__ import annotations

from pathlib import Path

import typer

from .options import BotFolder


def validate(bot: BotFolder = Path()) -> None:
    """Read every file of a bot and say what is wrong with it, one line for each fault."""
    from assistant.bot import load_bot

    load_bot(bot)
    typer.echo("No faults found.")
