"""``trilogue translate``: translate a text."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.errors import UnknownNameError

from .options import EngineName, EngineOption, JsonOption
from .progress import print_json


def translate(
    text: Annotated[str, typer.Argument(help="The text; '-' reads lines from standard input.")],
    source: Annotated[str, typer.Option("--from", help="Its language.")] = "zh",
    target: Annotated[str, typer.Option("--to", help="The language to write.")] = "en",
    base: Annotated[
        str | None, typer.Option(help="A model folder or a hub name", show_default="the built-in")
    ] = None,
    engine: EngineOption = EngineName.int8,
    json: JsonOption = False,
) -> None:
    """Translate between Chinese and English, or with another model's languages.

    Example: [bold]trilogue translate "where is my order?" --from en --to zh[/bold]
    """
    from assistant import registry

    translator = registry.translator().load(base, engine=engine.value)
    if (source, target) not in translator.pairs:
        known = [f"{a}-{b}" for a, b in sorted(translator.pairs)]
        raise UnknownNameError("pair of languages", f"{source}-{target}", known)
    texts = sys.stdin.read().splitlines() if text == "-" else [text]
    done = translator.translate(texts, source=source, target=target)
    if json:
        rows = [
            {"text": before, "translation": after, "from": source, "to": target}
            for before, after in zip(texts, done, strict=True)
        ]
        print_json(rows if text == "-" else rows[0])
    else:
        typer.echo("\n".join(done))
