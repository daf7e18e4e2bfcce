"""``trilogue translate``: translate a text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import UnknownNameError

from .options import EngineName, EngineOption, JsonOption
from .progress import print_json

if TYPE_CHECKING:
    from assistant.component import Translator


def translate(
    text: Annotated[str, typer.Argument(help="The text; '-' reads lines from standard input.")],
    source: Annotated[
        str | None, typer.Option("--from", help="Its language", show_default="told by the text")
    ] = None,
    target: Annotated[str, typer.Option("--to", help="The language to write.")] = "en",
    base: Annotated[
        str | None, typer.Option(help="A model folder or a hub name", show_default="the built-in")
    ] = None,
    engine: EngineOption = EngineName.int8,
    json: JsonOption = False,
) -> None:
    """Translate between Chinese and English, or with another model's languages.

    Example: [bold]trilogue translate "where is my order?" --to zh[/bold]
    """
    from assistant import registry

    translator = registry.translator().load(base, engine=engine.value)
    if source is not None and (source, target) not in translator.pairs:
        known = [f"{a}-{b}" for a, b in sorted(translator.pairs)]
        raise UnknownNameError("pair of languages", f"{source}-{target}", known)
    texts = sys.stdin.read().splitlines() if text == "-" else [text]
    sources = [source] * len(texts) if source else detected(translator, texts, target)
    done = translated(translator, texts, sources, target)
    same = sources.count(target)
    if same:
        others = ", ".join(sorted({b for a, b in translator.pairs if a == target}))
        what = "The text is" if len(texts) == 1 else f"{same} of {len(texts)} lines are"
        typer.echo(f"{what} in {target} already and stays as it is. --to takes: {others}", err=True)
    if json:
        rows = [
            {"text": before, "translation": after, "from": tag, "to": target}
            for before, after, tag in zip(texts, done, sources, strict=True)
        ]
        print_json(rows if text == "-" else rows[0])
    else:
        typer.echo("\n".join(done))


def detected(translator: Translator, texts: list[str], target: str) -> list[str]:
    """Return the language of each text: one that can be translated, or the target itself.

    Raises:
        UnknownNameError: Nothing can be translated into the target.
    """
    possible = sorted(a for a, b in translator.pairs if b == target)
    if not possible:
        raise UnknownNameError("language", target, sorted({b for _, b in translator.pairs}))
    return translator.detect(texts, among=[target, *possible])


def translated(
    translator: Translator, texts: list[str], sources: list[str], target: str
) -> list[str]:
    """Translate texts of several languages; those in the target language stay as they are."""
    done = list(texts)
    for source in sorted(set(sources) - {target}):
        places = [i for i, tag in enumerate(sources) if tag == source]
        there = translator.translate([texts[i] for i in places], source=source, target=target)
        for i, text in zip(places, there, strict=True):
            done[i] = text
    return done
