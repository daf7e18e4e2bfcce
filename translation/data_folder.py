"""Find the folder of corpora, which is not part of the package."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.errors import DataError


def data_folder(chosen: Path | None = None) -> Path:
    """Return ``chosen``, or ``TRILOGUE_DATA``, or ``shared/data`` beside the checkout.

    Raises:
        DataError: There is no such folder.
    """
    named = os.environ.get("TRILOGUE_DATA")
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = chosen or (Path(named) if named else beside)
    if not (folder / "translation").is_dir():
        raise DataError(
            f"{folder}: no corpora there. Set TRILOGUE_DATA to the folder that holds translation/."
        )
    return folder
