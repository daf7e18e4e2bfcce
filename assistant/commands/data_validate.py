"""``trilogue data validate``: look for faults in a bot's files without training."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder, JsonOption
from .progress import print_json


class Scope(str, Enum):
    """What can be checked alone."""

    stories = "stories"


def validate(
    scope: Annotated[
        Scope | None, typer.Argument(help="Only stories and rules.", show_default="everything")
    ] = None,
    bot: BotFolder = Path(),
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Files or folders of training data.", show_default="data"),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="The configuration.", show_default="config.yml"),
    ] = None,
    domain: Annotated[
        Path | None,
        typer.Option("--domain", "-d", help="A file or folder.", show_default="domain.yml"),
    ] = None,
    max_history: Annotated[
        int | None,
        typer.Option(
            min=1, help="States that two stories must share to be in conflict.", show_default="all"
        ),
    ] = None,
    fail_on_warnings: Annotated[
        bool, typer.Option("--fail-on-warnings", help="Warnings give status 1 too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Say what is wrong with a bot's files, one line for each fault; status 1 on errors.

    An error is what Rasa refuses to train, such as a rule that contradicts a story; a warning is
    what it trains with, such as an intent without examples.

    Example:  [bold]trilogue data validate --bot my-bot --fail-on-warnings[/bold]
    """
    from assistant.bot import load_bot
    from assistant.errors import BotFilesError
    from assistant.staging import staged
    from assistant.validation import Findings, validate_bot

    with staged(bot, config=config, domain=domain, data=data or ()) as root:
        try:
            read = load_bot(root, validate=False)
            found = validate_bot(read, stories_only=scope is Scope.stories, max_history=max_history)
        except BotFilesError as error:  # files that cannot be read are all that can be told
            found = Findings()
            for fault in error.faults:
                found.error("unreadable", fault.where, fault.what)
    errors, warnings = len(found.errors), len(found.warnings)
    if json:
        findings = [each.as_json() for each in found]
        print_json({"errors": errors, "warnings": warnings, "findings": findings})
    else:
        for each in found:
            typer.echo(str(each))
        typer.echo(_summary(errors, warnings))
    if errors or (fail_on_warnings and warnings):
        raise typer.Exit(1)


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "No faults found."
    counts = [(errors, "error"), (warnings, "warning")]
    told = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts if count]
    todo = "Mend the errors before training." if errors else "The bot can be trained."
    return f"{' and '.join(told)}. {todo}"
