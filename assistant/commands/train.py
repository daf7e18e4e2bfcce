"""``trilogue train``: train what changed."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import BotFolder, JsonOption
from .progress import print_json, progress

if TYPE_CHECKING:
    from assistant.training import Options

NEEDS_TRAINING, FORCED_TRAINING = 0b0001, 0b1000
"""Bits of the exit status of a dry run, as in Rasa."""


class Part(str, Enum):
    """What can be trained alone."""

    nlu = "nlu"
    core = "core"


def train(
    part: Annotated[Part | None, typer.Argument(help="Only this part.")] = None,
    bot: BotFolder = Path(),
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Files or folders of training data", show_default="data"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="The settings", show_default="config.yml")
    ] = None,
    domain: Annotated[
        Path | None,
        typer.Option("--domain", "-d", help="A file or folder", show_default="domain.yml"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where models are kept", show_default="models")
    ] = None,
    fixed_model_name: Annotated[str | None, typer.Option(help="The model's name.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be trained; status 1 if any.")
    ] = False,
    skip_validation: Annotated[
        bool, typer.Option("--skip-validation", help="Do not look for faults first.")
    ] = False,
    fail_on_validation_warnings: Annotated[
        bool, typer.Option("--fail-on-validation-warnings", help="Stop at warnings too.")
    ] = False,
    validation_max_history: Annotated[
        int | None, typer.Option(min=1, help="States in which two stories may be in conflict.")
    ] = None,
    augmentation: Annotated[
        int, typer.Option(min=0, help="How many stories are glued together, in tens.")
    ] = 50,
    finetune: Annotated[
        bool, typer.Option("--finetune", help="Go on from the last model's learned policy.")
    ] = False,
    epoch_fraction: Annotated[
        float, typer.Option(min=0.0, help="Share of the epochs with --finetune.")
    ] = 1.0,
    num_threads: Annotated[
        int | None, typer.Option(min=1, help="Threads that training uses", show_default="all cores")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Train unchanged parts too.")] = False,
    json: JsonOption = False,
) -> None:
    """Train the bot: understanding, dialogue and generator. What did not change is kept.

    Examples: [bold]trilogue train[/bold] · [bold]trilogue train nlu --bot my-bot[/bold] ·
    [bold]trilogue train --dry-run[/bold] · [bold]trilogue train --finetune[/bold]
    """
    from assistant.staging import staged
    from assistant.training import Options

    options = Options(
        only=part.value if part else None,
        force=force,
        augmentation=augmentation,
        finetune=finetune,
        epoch_fraction=epoch_fraction,
    )
    out = out or bot / "models"
    with staged(bot, config=config, domain=domain, data=data or ()) as root:
        if not skip_validation:
            _validate(root, validation_max_history, strict=fail_on_validation_warnings)
        if dry_run:
            raise typer.Exit(_tell_plan(root, out, options))
        if num_threads:
            _limit_threads(num_threads)
        _train(root, out, fixed_model_name, options, json=json)


def _train(root: Path, out: Path, name: str | None, options: Options, *, json: bool) -> None:
    from assistant.training import train_bot

    with progress(silent=json) as tools:
        if options.finetune:
            tools.notice("Only the learned policy is finetuned; what else changed trains anew.")
        done = train_bot(root, out=out, name=name, options=options, tools=tools)
    if json:
        print_json(
            {
                "model": str(done.folder),
                "trained": done.trained,
                "reused": done.reused,
                "seconds": round(done.seconds, 2),
            }
        )
        return
    if done.trained:
        typer.echo(f"Trained {', '.join(done.trained)} in {done.seconds:.0f} s: {done.folder}")
    typer.echo("Chat with it:  trilogue shell   or   trilogue ui")


def _validate(root: Path, history: int | None, *, strict: bool) -> None:
    """Stop at what would not be trained, and with ``strict`` at warnings too."""
    from assistant.bot import load_bot
    from assistant.errors import BotFileError, BotFilesError
    from assistant.validation import validate_bot

    found = validate_bot(load_bot(root), max_history=history)
    stopping = [*found.errors, *(found.warnings if strict else ())]
    if stopping:
        raise BotFilesError([BotFileError(each.where, each.what) for each in stopping])
    if found.warnings:
        count = len(found.warnings)
        noun = "warning" if count == 1 else "warnings"
        typer.echo(f"{count} {noun}. See them: trilogue data validate", err=True)


def _tell_plan(root: Path, out: Path, options: Options) -> int:
    """Say what would be trained; returns the status."""
    from assistant.bot import load_bot
    from assistant.training import plan_training

    plan = plan_training(load_bot(root), out, options, lambda line: typer.echo(line, err=True))
    if options.force:
        typer.echo("Everything would be trained: --force.")
        return FORCED_TRAINING
    if plan.train:
        typer.echo(f"Would be trained: {', '.join(plan.train)}.")
        return NEEDS_TRAINING
    typer.echo("Nothing would be trained" + (", only copied." if plan.changed else "."))
    return 0


def _limit_threads(count: int) -> None:
    """Let the number libraries use so many threads; the variables before they are imported."""
    import os

    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(count)
