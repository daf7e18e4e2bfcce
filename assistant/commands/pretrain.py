"""``trilogue pretrain``: train the bases that ship with the package."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import DataError

from .progress import progress


class Base(str, Enum):
    """What can be pretrained."""

    generator = "generator"
    translator = "translator"
    sentiment = "sentiment"
    chinese = "chinese"


MINUTES = {Base.generator: 155.0, Base.translator: 100.0, Base.sentiment: 25.0, Base.chinese: 25.0}


def pretrain(
    base: Annotated[Base, typer.Argument(help="Which base.")],
    out: Annotated[Path | None, typer.Option(help="Folder", show_default="runs/NAME")] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="The data folder", show_default="$TRILOGUE_DATA or ../shared/data"),
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="How long to train.")] = None,
) -> None:
    """Train a base from nothing. Cut off, it goes on from its last checkpoint.

    Example: [bold]trilogue pretrain generator[/bold]
    """
    from assistant import registry

    folder = out or Path("runs") / base.value
    name = "understanding" if base is Base.sentiment else base.value
    with progress() as tools:
        registry.recipes(name).pretrain(
            data_folder(data), folder, minutes=minutes or MINUTES[base], tick=tools.tick
        )
    typer.echo(f"The {base.value} and its model card are in {folder}.")


def data_folder(chosen: Path | None) -> Path:
    """The folder of corpora.

    Raises:
        DataError: It is not there.
    """
    folder = chosen or Path(os.environ.get("TRILOGUE_DATA", "../shared/data"))
    if not (folder / "dialogue").is_dir():
        raise DataError(
            f"{folder}: the data folder is not here. Name it with --data or TRILOGUE_DATA."
        )
    return folder
