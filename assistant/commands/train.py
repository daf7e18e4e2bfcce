"""``trilogue train``: train what changed."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder, JsonOption
from .progress import print_json, progress


class Part(str, Enum):
    """What can be trained alone."""

    nlu = "nlu"
    core = "core"


def train(
    part: Annotated[Part | None, typer.Argument(help="Only this part.")] = None,
    bot: BotFolder = Path(),
    out: Annotated[
        Path | None, typer.Option(help="Where models are kept [default: models]")
    ] = None,
    fixed_model_name: Annotated[str | None, typer.Option(help="The model's name.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Train unchanged parts too.")] = False,
    json: JsonOption = False,
) -> None:
    """Train the bot: understanding, dialogue and generator. What did not change is kept."""
    from assistant.training import train_bot

    with progress(silent=json) as tools:
        done = train_bot(
            bot,
            out=out,
            only=part.value if part else None,
            name=fixed_model_name,
            force=force,
            tools=tools,
        )
    if json:
        print_json(
            {
                "model": str(done.folder),
                "trained": done.trained,
                "reused": done.reused,
                "seconds": round(done.seconds, 2),
            }
        )
        return
    if done.trained:
        typer.echo(f"Trained {', '.join(done.trained)} in {done.seconds:.0f} s: {done.folder}")
    typer.echo("Chat with it:  trilogue shell   or   trilogue ui")
