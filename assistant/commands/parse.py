"""``trilogue parse``: say what is understood of a text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .options import BotFolder, EngineName, EngineOption, JsonOption, ModelPath, models_of
from .progress import print_json


def parse(
    text: Annotated[str, typer.Argument(help="A message.")],
    bot: BotFolder = Path(),
    model: ModelPath = None,
    engine: EngineOption = EngineName.int8,
    json: JsonOption = False,
) -> None:
    """Read a message: language, intent, entities and sentiment.

    Example: [bold]trilogue parse "where is my order?" --json[/bold]
    """
    from assistant.agent import clean_message
    from assistant.assembly import load_model
    from assistant.parse_result import parse_result
    from assistant.response_selection import ResponseSelection

    loaded = load_model(models_of(bot, model), engine=engine.value)
    (turn,) = loaded.reading.process([clean_message(text)])
    found = parse_result(turn, ResponseSelection.of(loaded.bot))
    if json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    intent = found["intent"]
    table.add_row("language", found["language"])
    if found.get("pivot"):
        table.add_row("translated", found["pivot"])
    table.add_row("intent", f"{intent.get('full') or intent['name']}  {intent['confidence']:.2f}")
    others = [f"{each['name']} {each['confidence']:.2f}" for each in found["intent_ranking"][1:4]]
    table.add_row("then", ", ".join(others))
    for entity in found["entities"]:
        table.add_row(entity["entity"], str(entity["value"]))
    mood = found["sentiment"]
    if mood:
        table.add_row("sentiment", f"{mood['label']}  {mood['strength']:+.2f}")
    Console(highlight=False, markup=False).print(table)
