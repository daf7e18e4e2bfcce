"""Write the starter bot, the customer service of a small online shop, into a folder."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile

from .errors import BotFileError

_ENDINGS = frozenset({".yml", ".py", ".tsv", ".md"})


def write_starter_bot(folder: Path) -> list[Path]:
    """Copy the starter bot; parent folders are made.

    Args:
        folder: A new or an empty folder.

    Returns:
        The files that were written, sorted.

    Raises:
        BotFileError: The folder holds something, is a file, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "holds files already" if folder.is_dir() else "is a file"
        raise BotFileError(str(folder), f"{what}. Name a new or an empty folder.")
    written: list[Path] = []
    try:
        with as_file(files("assistant").joinpath("starter_bot")) as source:
            for path in sorted(source.rglob("*")):
                if path.suffix in _ENDINGS:
                    target = folder / path.relative_to(source)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    copyfile(path, target)
                    written.append(target)
    except OSError as error:
        where = str(error.filename2 or error.filename or folder)
        raise BotFileError(where, f"cannot be written: {error.strerror}.") from error
    return written
