"""Options that several verbs share."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

HIGHEST_PORT = 65535


class EngineName(str, Enum):
    """How a model's numbers are held."""

    int8 = "int8"
    float = "float"
    bnb = "bnb"


BotFolder = Annotated[
    Path, typer.Option("--bot", help="The bot's folder.", show_default="this folder")
]
ModelPath = Annotated[
    Path | None,
    typer.Option("--model", "-m", help="A trained model, or the folder of models."),
]
EngineOption = Annotated[
    EngineName,
    typer.Option(help="8 bit (int8, or bnb = bitsandbytes), or float for comparison."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result alone, as JSON.")]
HostOption = Annotated[
    str, typer.Option("--host", "--interface", "-i", help="Address to listen on.")
]
PortOption = Annotated[
    int,
    typer.Option("--port", "-p", min=0, max=HIGHEST_PORT, help="Port to listen on; 0: any free."),
]


def tell_loading() -> None:
    """Say at once that models are being loaded, which takes a while."""
    typer.echo("Loading the models …")


def models_of(bot: Path, model: Path | None) -> Path:
    """The folder to load a model from: the one that was named, or the bot's ``models``."""
    return model if model is not None else bot / "models"
