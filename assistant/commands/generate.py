"""``trilogue generate``: let the generator answer a text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder, EngineName, EngineOption, JsonOption, ModelPath, models_of
from .progress import print_json


def generate(
    text: Annotated[list[str], typer.Argument(help="The lines so far, the user's first and last.")],
    bot: BotFolder = Path(),
    model: ModelPath = None,
    engine: EngineOption = EngineName.int8,
    json: JsonOption = False,
) -> None:
    """Let the generator answer: the bot's own where one is trained here, else the built-in.

    Example: [bold]trilogue generate "I am bored"[/bold]
    """
    from assistant import registry
    from assistant.agent import clean_message
    from assistant.messages import Prompt, Utterance

    lines = [clean_message(line) for line in text]
    history = tuple(
        Utterance("user" if (len(lines) - i) % 2 else "bot", line) for i, line in enumerate(lines)
    )
    generator = registry.generator().load(_adapted(bot, model), engine=engine.value)
    (draft,) = generator.write([Prompt(history=history)])
    if json:
        print_json({"text": draft.text, "confidence": draft.confidence, "tokens": draft.tokens})
    elif draft.text:
        typer.echo(draft.text)
    else:
        typer.echo("(nothing fit to say: a template would answer here)", err=True)


def _adapted(bot: Path, model: Path | None) -> Path | None:
    from assistant.model_folder import check_files, newest_model

    models = models_of(bot, model)
    if model is None and not models.is_dir():
        return None
    folder = newest_model(models)
    check_files(folder)
    return folder / "generation" if (folder / "generation").is_dir() else None
