"""What every verb has beyond its own options: how much it tells, and Rasa's lists of values."""

from __future__ import annotations

import inspect
import logging
import logging.config
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from assistant.errors import BotFileError

_PANEL = "How much is told"


class Verb(TyperCommand):
    """A verb whose options that may be given again also take several values at once, as in Rasa.

    ``-p 0 25 50`` is read as ``-p 0 -p 25 -p 50``.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """Spread lists of values, then read the arguments."""
        several = {
            name
            for option in self.params
            if getattr(option, "multiple", False)
            for name in option.opts
        }
        return super().parse_args(ctx, spread(args, several))


def spread(args: list[str], several: set[str]) -> list[str]:
    """Repeat an option's name before each further value of it."""
    done: list[str] = []
    current: str | None = None
    values = 0
    for arg in args:
        if arg.startswith("-") and len(arg) > 1:
            name, equals, _ = arg.partition("=")
            current = name if name in several and not equals else None
            values = 0
        elif current is not None:
            done += [current] if values else []
            values += 1
        done.append(arg)
    return done


def telling(verb: Callable[..., None]) -> Callable[..., None]:
    """Let a verb also take ``-v``, ``-vv``, ``--debug``, ``--quiet``, ``--logging-config-file``."""
    own = inspect.signature(verb, eval_str=True)
    common = {
        name: parameter
        for name, parameter in inspect.signature(tell, eval_str=True).parameters.items()
        if name not in own.parameters
    }

    @wraps(verb)
    def both(**values: Any) -> None:  # noqa: ANN401 - each verb has its own
        tell(**{name: values.pop(name) for name in common})
        verb(**values)

    joined = own.replace(parameters=[*own.parameters.values(), *common.values()])
    del both.__wrapped__
    both.__signature__ = joined  # type: ignore[attr-defined]
    both.__annotations__ = {each.name: each.annotation for each in joined.parameters.values()}
    return both


def tell(
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, rich_help_panel=_PANEL, show_default=False,
                          help="Tell more; -vv tells everything.")
    ] = 0,
    debug: Annotated[
        bool, typer.Option("--debug", rich_help_panel=_PANEL,
                           help="Tell everything, and show a fault with its traceback.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Tell errors only.", rich_help_panel=_PANEL)
    ] = False,
    logging_config_file: Annotated[
        Path | None,
        typer.Option(help="A YAML file for Python's logging.", rich_help_panel=_PANEL),
    ] = None,
) -> None:  # fmt: skip
    """Settle which log messages are told."""
    if debug or verbose > 1:
        set_level(logging.DEBUG)
    elif verbose == 1:
        set_level(logging.INFO)
    elif quiet:
        set_level(logging.ERROR)
    if logging_config_file is not None:
        _configure(logging_config_file)


def _configure(path: Path) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        # A file that speaks of one logger silences no other, unless it says so.
        logging.config.dictConfig({"disable_existing_loggers": False, **found})
    except OSError as error:
        raise BotFileError(str(path), f"cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, AttributeError, YAMLError) as error:
        what = f"is no logging configuration: {str(error).splitlines()[0]}"
        raise BotFileError(str(path), what) from error


def set_level(level: int) -> None:
    """Tell log messages from this level on; everything also gives tracebacks."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger().setLevel(level)
    if level <= logging.DEBUG:
        os.environ["TRILOGUE_DEBUG"] = "1"
        for noisy in ("matplotlib", "asyncio", "aiosqlite", "urllib3"):
            logging.getLogger(noisy).setLevel(logging.INFO)
