"""Tell in one line why conversations cannot be opened, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from assistant.errors import StoreError

FILE = "sqlite:///"


@contextmanager
def told_clearly(address: str) -> Iterator[None]:
    """Raise `StoreError` for whatever a database or its driver raises.

    Args:
        address: An SQLAlchemy address; its password is not shown.
    """
    try:
        yield
    except Exception as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0].rstrip(".")
        raise StoreError(
            f"{_shown(address)}: cannot be opened ({reason}). {_todo(address)}"
        ) from error


def _shown(address: str) -> str:
    if address.startswith(FILE):
        return address.removeprefix(FILE)
    try:
        return make_url(address).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return address


def _todo(address: str) -> str:
    if not address.startswith(FILE):
        return "Is the database there? Another place: --store ADDRESS"
    if Path(address.removeprefix(FILE)).is_file():
        return "Move the file away, or name another one: --store FILE"
    return "Name another file: --store FILE"
