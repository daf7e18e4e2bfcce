"""The part that reads messages, as the entry point ``understanding`` names it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.component import Engine, Tools

if TYPE_CHECKING:
    from assistant.bot import Bot

    from .reader import Reader


def train(bot: Bot, folder: Path, tools: Tools) -> None:
    """Train on the bot's examples and save in ``folder``; see `nlu.training.train`."""
    from .training import train as train_understanding

    train_understanding(bot, folder, tools)


def load(folder: Path, *, engine: Engine = "int8") -> Reader:
    """Load what ``train`` saved; see `nlu.loading.load`."""
    from .loading import load as load_understanding

    return load_understanding(folder, engine=engine)
