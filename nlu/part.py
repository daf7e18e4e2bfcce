"""The part that reads messages, as the entry point ``understanding`` names it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.component import Engine, EngineFigures, Tick, Tools

if TYPE_CHECKING:
    from assistant.bot import Bot

    from .reader import Reader

FORMAT = 2
"""Number of the layout that `train` writes and `load` reads."""


def train(bot: Bot, folder: Path, tools: Tools) -> None:
    """Train on the bot's examples and save in ``folder``; see `nlu.training.train`."""
    from .training import train as train_understanding

    train_understanding(bot, folder, tools)


def load(folder: Path, *, engine: Engine = "int8") -> Reader:
    """Load what ``train`` saved; see `nlu.loading.load`."""
    from .loading import load as load_understanding

    return load_understanding(folder, engine=engine)


def pretrain(data: Path, folder: Path, *, minutes: float, tick: Tick) -> None:
    """Train the sentiment that ships, measure it, and write its model card.

    Args:
        data: The data folder.
        folder: Receives the adapter; what was there goes on.
        minutes: Not used: the recipe makes one pass over its data.
        tick: Told how it goes.

    Raises:
        DataError: A corpus is missing.
    """
    from .sentiment_card import write_card
    from .sentiment_training import train_sentiment

    del minutes
    train_sentiment(data, folder, report=tick)
    write_card(data, folder)


def compare_engines(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure the encoder in each engine; see `nlu.engine_comparison.compare`."""
    from .engine_comparison import compare

    return compare(folder, engines)
