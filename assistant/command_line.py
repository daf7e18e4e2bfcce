"""The command ``trilogue``: every verb stands in a file of its own in ``assistant/commands``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from .commands import (
    data,
    demo,
    detect,
    doctor,
    evaluate_markers,
    export,
    generate,
    init,
    interactive,
    parse,
    pretrain,
    quantize,
    run,
    shell,
    test,
    train,
    translate,
    ui,
    visualize,
)
from .commands.verb import Verb, telling
from .errors import TrilogueError

app = typer.Typer(
    name="trilogue",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Assistants that read Rasa's files, speak several languages, and run anywhere.\n\n"
        "New here?  [bold]trilogue init my-bot && cd my-bot && trilogue train && trilogue ui[/bold]"
    ),
)
BOT, TOOL, MAKER = "In a bot's folder", "Anywhere", "For those who make models"


def _version(wanted: bool) -> None:
    if wanted:
        from .model_folder import trilogue_version

        typer.echo(f"trilogue {trilogue_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Assistants that read Rasa's files."""


_VERBS: dict[str, dict[str, Callable[..., None]]] = {
    BOT: {"train": train.train, "test": test.run_suites, "shell": shell.shell, "run": run.run,
          "interactive": interactive.interactive,
          "ui": ui.ui, "visualize": visualize.visualize, "export": export.export},
    TOOL: {"init": init.init, "demo": demo.demo, "parse": parse.parse, "detect": detect.detect,
           "translate": translate.translate, "generate": generate.generate,
           "doctor": doctor.doctor},
    MAKER: {"pretrain": pretrain.pretrain, "quantize": quantize.quantize},
}  # fmt: skip
for _panel, _verbs in _VERBS.items():
    for _name, _verb in _verbs.items():
        app.command(_name, cls=Verb, rich_help_panel=_panel)(telling(_verb))
app.add_typer(evaluate_markers.group, name="evaluate", rich_help_panel=BOT)
app.add_typer(data.group, name="data", rich_help_panel=BOT)


def main() -> None:
    """Run the command line; a known fault is one line on stderr and status 2."""
    # The libraries' own bars and notes would stand between ours.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        app()
    except TrilogueError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("TRILOGUE_DEBUG"):
            raise
        typer.echo(
            f"trilogue: unexpected {type(error).__name__}: {error}. "
            "Set TRILOGUE_DEBUG=1 to see where, and please report it.",
            err=True,
        )
        sys.exit(70)
