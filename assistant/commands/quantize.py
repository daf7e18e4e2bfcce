"""``trilogue quantize``: what 8 bit costs and gives."""

from __future__ import annotations

from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import EngineName, JsonOption
from .progress import print_json, progress

if TYPE_CHECKING:
    from assistant.component import Engine, EngineFigures


class Model(str, Enum):
    """Which model."""

    encoder = "encoder"
    generator = "generator"
    translator = "translator"


PARTS = {
    Model.encoder: "understanding",
    Model.generator: "generator",
    Model.translator: "translator",
}


def quantize(
    model: Annotated[
        Model | None, typer.Argument(help="Which model.", show_default="all three")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="A model folder", show_default="the built-in base")
    ] = None,
    bnb: Annotated[bool, typer.Option("--bnb", help="Measure bitsandbytes 8 bit too.")] = False,
    json: JsonOption = False,
) -> None:
    """Convert the models to 8 bit; print size, quality and speed before and after.

    Example: [bold]trilogue quantize[/bold]
    """
    from assistant import registry

    engines = [EngineName.float, EngineName.int8, *([EngineName.bnb] if bnb else [])]
    figures: list[EngineFigures] = []
    with progress(silent=json) as tools:
        for each in [model] if model else list(Model):
            tools.notice(f"Measuring the {each.value} …")
            names: list[Engine] = [engine.value for engine in engines]
            figures += registry.recipes(PARTS[each]).compare_engines(folder, names)
    if json:
        print_json([asdict(each) for each in figures])
    else:
        _show(figures)


def _show(figures: list[EngineFigures]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("model", "engine", "MB", "quality", "speed", "against float")
    for each in figures:
        before = next(f for f in figures if f.model == each.model)
        quality = ", ".join(f"{name} {value:.4g}" for name, value in each.quality.items())
        table.add_row(
            each.model,
            each.engine,
            f"{each.bytes / 1e6:.1f}",
            quality,
            f"{each.speed:.0f} {each.unit}/s",
            f"{before.bytes / max(each.bytes, 1):.1f}x smaller, "
            f"{each.speed / max(before.speed, 1e-9):.1f}x as fast",
        )
    Console(highlight=False).print(table)
