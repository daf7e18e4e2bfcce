"""``trilogue test``: measure a bot and write a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .options import BotFolder, EngineName, EngineOption, JsonOption, ModelPath
from .progress import print_json, progress
from .rasa_flags import TEST, taking
from .suite_options import (
    Configs,
    CrossValidation,
    EndToEnd,
    EveryModel,
    FailOnErrors,
    FailUnder,
    Folds,
    HeldOut,
    MostStories,
    NoErrors,
    NoPlot,
    NoWarnings,
    OutFolder,
    Pairs,
    Percentages,
    Runs,
    Stories,
    Successes,
    Suite,
    SuiteName,
)

if TYPE_CHECKING:
    from assistant.evaluation.run import TestRun


@taking(TEST)
def run_suites(
    suite: SuiteName = None,
    bot: BotFolder = Path(),
    model: ModelPath = None,
    out: OutFolder = Path("results"),
    nlu: HeldOut = None,
    stories: Stories = None,
    max_stories: MostStories = None,
    e2e: EndToEnd = None,
    pairs: Pairs = None,
    cross_validation: CrossValidation = False,
    folds: Folds = 5,
    fail_under: FailUnder = "",
    fail_on_prediction_errors: FailOnErrors = False,
    successes: Successes = False,
    no_errors: NoErrors = False,
    no_warnings: NoWarnings = False,
    no_plot: NoPlot = False,
    config: Configs = None,
    runs: Runs = 3,
    percentages: Percentages = None,
    evaluate_model_directory: EveryModel = False,
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
