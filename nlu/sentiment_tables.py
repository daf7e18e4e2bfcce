"""n-gram tables of sentiment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def train_tables(
    data: Path, folder: Path, report: Callable[[str, int, int], None]
) -> dict[str, float]:
    return {}
