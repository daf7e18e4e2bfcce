"""``trilogue test``: measure a bot and write a report."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder, EngineName, EngineOption, JsonOption, ModelPath
from .progress import print_json, progress


class Suite(str, Enum):
    """What can be tested alone."""

    nlu = "nlu"
    core = "core"
    translation = "translation"
    generation = "generation"


def run_suites(
    suite: Annotated[
        Suite | None, typer.Argument(help="Only this suite.", show_default="all")
    ] = None,
    bot: BotFolder = Path(),
    model: ModelPath = None,
    out: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("results"),
    nlu: Annotated[
        Path | None, typer.Option("--nlu", "-u", help="Held-out examples [default: cross-validate]")
    ] = None,
    stories: Annotated[
        Path | None, typer.Option("--stories", "-s", help="Test conversations [default: tests/]")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Translation pairs [default: tests/translation_pairs.tsv]")
    ] = None,
    folds: Annotated[int, typer.Option("--folds", "-f", help="Of the cross-validation.")] = 5,
    fail_under: Annotated[
        str, typer.Option(help="Least results, e.g. f1=0.9,bleu=20,success=0.95; else status 1.")
    ] = "",
    engine: EngineOption = EngineName.int8,
    json: JsonOption = False,
) -> None:
    """Measure F1, BLEU and conversation success in one run; writes JSON, pictures and a page."""
    from assistant.evaluation.run import run_tests

    with progress(silent=json) as tools:
        done = run_tests(
            bot,
            only=suite.value if suite else None,
            model=model,
            out=out,
            nlu=nlu,
            stories=stories,
            pairs=pairs,
            folds=folds,
            fail_under=fail_under,
            engine=engine.value,
            tools=tools,
        )
    if json:
        print_json(done.summary)
    else:
        for line in done.lines:
            typer.echo(line)
        typer.echo(f"Report: {out / 'report.html'}")
    for miss in done.misses:
        typer.echo(miss, err=True)
    if done.misses:
        raise typer.Exit(1)
