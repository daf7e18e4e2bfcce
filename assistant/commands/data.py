"""``trilogue data``: the verbs that check and change a bot's training data, one file each."""

from __future__ import annotations

from collections.abc import Callable

import typer

from . import data_validate

group = typer.Typer(no_args_is_help=True, help="Check, split and convert training data.")

_VERBS: dict[str, Callable[..., None]] = {
    "validate": data_validate.validate,
}
for _name, _verb in _VERBS.items():
    group.command(_name)(_verb)
