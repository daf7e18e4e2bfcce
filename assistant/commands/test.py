"""``trilogue test``: measure a bot and write a report."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import BotFolder, EngineName, EngineOption, JsonOption, ModelPath
from .progress import print_json, progress
from .rasa_flags import TEST, taking

if TYPE_CHECKING:
    from assistant.evaluation.run import TestRun

_WRITTEN, _COMPARED = "What is written", "Comparing configurations and models"


class Suite(str, Enum):
    """What can be tested alone."""

    nlu = "nlu"
    core = "core"
    translation = "translation"
    generation = "generation"


@taking(TEST)
def run_suites(
    suite: Annotated[
        Suite | None, typer.Argument(help="Only this suite.", show_default="all")
    ] = None,
    bot: BotFolder = Path(),
    model: ModelPath = None,
    out: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("results"),
    nlu: Annotated[
        Path | None,
        typer.Option("--nlu", "-u", help="Held-out examples", show_default="cross-validate"),
    ] = None,
    stories: Annotated[
        Path | None,
        typer.Option("--stories", "-s", help="Test conversations", show_default="tests/"),
    ] = None,
    max_stories: Annotated[
        int | None, typer.Option(min=1, help="Only so many conversations.", show_default="all")
    ] = None,
    e2e: Annotated[
        bool | None,
        typer.Option(
            "--e2e/--no-e2e",
            "--end-to-end",
            show_default="off for core alone",
            help="Read the messages of the conversations as well.",
        ),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="Translation pairs", show_default="tests/translation_pairs.tsv"),
    ] = None,
    cross_validation: Annotated[
        bool, typer.Option("--cross-validation", help="Also where examples are held out.")
    ] = False,
    folds: Annotated[
        int, typer.Option("--folds", "-f", min=2, help="Of the cross-validation.")
    ] = 5,
    fail_under: Annotated[
        str, typer.Option(help="Least results, e.g. f1=0.9,bleu=20,success=0.95; else status 1.")
    ] = "",
    fail_on_prediction_errors: Annotated[
        bool,
        typer.Option("--fail-on-prediction-errors", help="Status 1 when a conversation fails."),
    ] = False,
    successes: Annotated[
        bool, typer.Option("--successes", help="Also what went right.", rich_help_panel=_WRITTEN)
    ] = False,
    no_errors: Annotated[
        bool, typer.Option("--no-errors", help="Not what went wrong.", rich_help_panel=_WRITTEN)
    ] = False,
    no_warnings: Annotated[
        bool,
        typer.Option(
            "--no-warnings", help="Not stories_with_warnings.yml.", rich_help_panel=_WRITTEN
        ),
    ] = False,
    no_plot: Annotated[
        bool, typer.Option("--no-plot", help="No pictures.", rich_help_panel=_WRITTEN)
    ] = False,
    config: Annotated[
        list[Path] | None,
        typer.Option(
            "--config",
            "-c",
            help="Several: compare them by learning curves.",
            rich_help_panel=_COMPARED,
        ),
    ] = None,
    runs: Annotated[
        int,
        typer.Option("--runs", "-r", min=1, help="Of the comparison.", rich_help_panel=_COMPARED),
    ] = 3,
    percentages: Annotated[
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
    ] = None,
    evaluate_model_directory: Annotated[
        bool,
        typer.Option(
            "--evaluate-model-directory",
            rich_help_panel=_COMPARED,
            help="Test every model below --model on the conversations.",
        ),
    ] = False,
    engine: EngineOption = EngineName.int8,
    json: JsonOption = False,
) -> None:
    """Measure F1, BLEU and conversation success in one run; writes JSON, pictures and a page.

    Conversations are counted as Rasa counts them: action by action, entity by entity.

    Examples: [bold]trilogue test[/bold] · [bold]trilogue test core --e2e --successes[/bold] ·
    [bold]trilogue test nlu -u held_out.yml[/bold] · [bold]trilogue test nlu -c a.yml b.yml[/bold]
    """  # fmt: skip
    from assistant.evaluation.bench import TestOptions
    from assistant.evaluation.comparison import Compared
    from assistant.evaluation.run import run_tests
    from assistant.evaluation.suite import Kept

    kept = Kept(
        successes=successes, errors=not no_errors, warnings=not no_warnings, pictures=not no_plot
    )
    options = TestOptions(
        nlu=nlu, stories=stories, pairs=pairs, folds=folds, cross_validate=cross_validation,
        reads=suite is not Suite.core if e2e is None else e2e,
        most_stories=max_stories, kept=kept,
    )  # fmt: skip
    wanted = ",".join(filter(None, [fail_under, "success=1" if fail_on_prediction_errors else ""]))
    compared = None
    if len(config or []) > 1:
        left_out = tuple(percentages or (0, 25, 50, 75))
        compared = Compared(configs=tuple(config or ()), runs=runs, left_out=left_out)
    elif evaluate_model_directory:
        compared = Compared()
    with progress(silent=json) as tools:
        done = run_tests(
            bot, only=suite.value if suite else None, model=model, out=out, options=options,
            compared=compared, config=config[0] if config else None, fail_under=wanted,
            engine=engine.value, tools=tools,
        )  # fmt: skip
    _tell(done, json=json)
    if done.misses:
        raise typer.Exit(1)


def _tell(done: TestRun, *, json: bool) -> None:
    if json:
        print_json(done.summary)
    else:
        from .results_table import show_results

        show_results(done.suites)
        typer.echo(f"Report: {done.out / 'report.html'}")
    for miss in done.misses:
        typer.echo(miss, err=True)
