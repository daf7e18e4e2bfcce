"""``trilogue detect``: say what language a text is in."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import JsonOption
from .progress import print_json


def detect(
    text: Annotated[str, typer.Argument(help="Any text.")],
    among: Annotated[
        str, typer.Option(help="Only these languages, e.g. en,zh", show_default="all")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Print the language tag of a text.

    Example: [bold]trilogue detect "你好"[/bold]
    """
    from assistant import registry

    candidates = [tag.strip() for tag in among.split(",") if tag.strip()]
    language = registry.part("translator").detector().detect([text], among=candidates)[0]
    if json:
        print_json({"text": text, "language": language})
    else:
        typer.echo(language)
