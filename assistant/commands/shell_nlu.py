"""``trilogue shell nlu``: see what is understood of each line, without a conversation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typer

from assistant.component import Engine
from assistant.errors import RejectedMessage


def read_aloud(models: Path, engine: Engine, lines: Callable[[], str | None]) -> None:
    """Print Rasa's parse result of each line as JSON until the end.

    Args:
        models: The folder of models, or one model.
        engine: How the models' numbers are held.
        lines: Gives the next line, or ``None`` at the end.

    Raises:
        ModelError: The model is missing or damaged.
    """
    from assistant.agent import clean_message
    from assistant.assembly import load_model
    from assistant.parse_result import parse_result

    loaded = load_model(models, engine=engine)
    typer.echo("Say something to see what is understood, or /stop.")
    while (line := lines()) is not None:
        try:
            (turn,) = loaded.reading.process([clean_message(line)])
        except RejectedMessage as error:
            typer.echo(str(error))
            continue
        typer.echo(json.dumps(parse_result(turn), ensure_ascii=False, indent=2, default=str))
