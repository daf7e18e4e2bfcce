"""The part behind the entry point ``chinese``: how the Chinese extension is made and compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant import registry
from assistant.component import Engine, EngineFigures, Tick


def pretrain(data: Path, folder: Path, *, minutes: float, tick: Tick) -> None:
    """Train the Chinese rows on the translator's sentence pairs and write the model card.

    Args:
        data: The data folder.
        folder: Receives the extension; a run that was cut off goes on from its ``work`` folder.
        minutes: Core-minutes of training.
        tick: Told how it goes.

    Raises:
        DataError: A corpus is missing.
    """
    from .card import write_card
    from .recipe import train_extension

    pairs = registry.translator().parallel_sentences(data)
    train_extension(pairs, folder, minutes=minutes, tick=tick)
    write_card(data, folder, minutes=minutes)


def compare_engines(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure the encoder in each engine; see `nlu.engine_comparison.compare`."""
    from nlu.engine_comparison import compare

    return compare(folder, engines)
