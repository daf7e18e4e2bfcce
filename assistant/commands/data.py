"""``trilogue data``: the verbs that check and change a bot's training data, one file each."""

from __future__ import annotations

from collections.abc import Callable

import typer

from . import data_convert, data_migrate, data_split, data_validate
from .verb import Verb, telling

group = typer.Typer(no_args_is_help=True, help="Check, split, convert and migrate training data.")

_VERBS: dict[str, Callable[..., None]] = {
    "validate": data_validate.validate,
    "split": data_split.split,
    "convert": data_convert.convert,
    "migrate": data_migrate.migrate,
}
for _name, _verb in _VERBS.items():
    group.command(_name, cls=Verb)(telling(_verb))
