"""The options of ``trilogue test``."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

_WRITTEN, _COMPARED = "What is written", "Comparing configurations and models"


class Suite(str, Enum):
    """What can be tested alone."""

    nlu = "nlu"
    core = "core"
    translation = "translation"
    generation = "generation"


SuiteName = Annotated[Suite | None, typer.Argument(help="Only this suite.", show_default="all")]
OutFolder = Annotated[Path, typer.Option(help="Folder of the reports.")]
HeldOut = Annotated[
    Path | None,
    typer.Option("--nlu", "-u", help="Held-out examples", show_default="cross-validate"),
]
Stories = Annotated[
    Path | None,
    typer.Option("--stories", "-s", help="Test conversations", show_default="tests/"),
]
MostStories = Annotated[
    int | None, typer.Option(min=1, help="Only so many conversations.", show_default="all")
]
EndToEnd = Annotated[
    bool | None,
    typer.Option(
        "--e2e/--no-e2e",
        "--end-to-end",
        show_default="off for core alone",
        help="Read the messages of the conversations as well.",
    ),
]
Pairs = Annotated[
    Path | None,
    typer.Option(help="Translation pairs", show_default="tests/translation_pairs.tsv"),
]
CrossValidation = Annotated[
    bool, typer.Option("--cross-validation", help="Also where examples are held out.")
]
Folds = Annotated[int, typer.Option("--folds", "-f", min=2, help="Of the cross-validation.")]
FailUnder = Annotated[
    str, typer.Option(help="Least results, e.g. f1=0.9,bleu=20,success=0.95; else status 1.")
]
FailOnErrors = Annotated[
    bool,
    typer.Option("--fail-on-prediction-errors", help="Status 1 when a conversation fails."),
]
Successes = Annotated[
    bool, typer.Option("--successes", help="Also what went right.", rich_help_panel=_WRITTEN)
]
NoErrors = Annotated[
    bool, typer.Option("--no-errors", help="Not what went wrong.", rich_help_panel=_WRITTEN)
]
NoWarnings = Annotated[
    bool,
    typer.Option("--no-warnings", help="Not stories_with_warnings.yml.", rich_help_panel=_WRITTEN),
]
NoPlot = Annotated[bool, typer.Option("--no-plot", help="No pictures.", rich_help_panel=_WRITTEN)]
Configs = Annotated[
    list[Path] | None,
    typer.Option(
        "--config",
        "-c",
        help="Several: compare them by learning curves.",
        rich_help_panel=_COMPARED,
    ),
]
Runs = Annotated[
    int,
    typer.Option("--runs", "-r", min=1, help="Of the comparison.", rich_help_panel=_COMPARED),
]
Percentages = Annotated[
    list[int] | None,
    typer.Option(
        "--percentages",
        "-p",
        min=0,
        max=99,
        rich_help_panel=_COMPARED,
        help="Shares of the examples left out.",
        show_default="0 25 50 75",
    ),
]
EveryModel = Annotated[
    bool,
    typer.Option(
        "--evaluate-model-directory",
        rich_help_panel=_COMPARED,
        help="Test every model below --model on the conversations.",
    ),
]
