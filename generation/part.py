"""The part behind the entry point ``generator``; heavy libraries are imported when called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.component import Engine, EngineFigures, Generator, Tools

if TYPE_CHECKING:
    from assistant.bot import Bot

FORMAT = 1
"""Number of the layout that `train` writes and `load` reads."""


def train(bot: Bot, folder: Path, tools: Tools) -> None:
    """Adapt the base to the bot; see `adaptation.adapt`."""
    from .adaptation import adapt

    adapt(bot, folder, tools)


def load(folder: Path | None = None, *, engine: Engine = "int8") -> Generator:
    """Load what `train` saved, any GPT-2 folder, or the built-in base for ``None``.

    Raises:
        ModelError: It is missing or damaged.
    """
    from .loading import load_writer

    return load_writer(folder, engine)


def pretrain(
    data: Path, folder: Path, *, minutes: float, tick: Callable[[str, float, float], None]
) -> None:
    """Train the base from nothing, measure it, and write its model card.

    Raises:
        DataError: A corpus is missing.
    """
    from assistant.training_loop import Progress

    from .model_card import held_out_dialogues, write_model_card
    from .pretraining import train_generator

    held_out_dialogues(data)  # a corpus that is missing is told now, not after an hour

    def report(progress: Progress) -> None:
        tick("Training the generator", progress.seconds, minutes * 60)

    train_generator(data, folder, minutes=minutes, report=report)
    write_model_card(data, folder, minutes=minutes)


def compare_engines(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure size, perplexity and tokens per second of a generator in each engine.

    Raises:
        ModelError: It is missing or damaged.
    """
    from .engine_comparison import compare

    return compare(folder, engines)


def evaluate(
    bot: Bot, folder: Path | None = None, *, engine: Engine = "int8", tools: Tools | None = None
) -> dict[str, Any]:
    """Measure a bot's generator; see `evaluation.evaluate_generator`."""
    from .evaluation import evaluate_generator

    return evaluate_generator(bot, folder, engine=engine, tools=tools)
