"""The part behind the entry point ``translator``; heavy libraries are imported when called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.component import Engine, EngineFigures, Translator

if TYPE_CHECKING:
    from .language import LanguageDetector


def load(name: str | None = None, *, engine: Engine = "int8") -> Translator:
    """Load a translator.

    Args:
        name: The built-in base (``None``), a local folder, or a hub name. A model that serves one
            direction is named together with its counterpart, with a comma between them:
            ``Helsinki-NLP/opus-mt-zh-en,Helsinki-NLP/opus-mt-en-zh``. A local folder may also
            hold such models as sub-folders.
        engine: How the numbers are held.

    Raises:
        ModelError: A model is missing, damaged, or no Marian model.
    """
    from .loading import load_translator

    return load_translator(name, engine)


def detector() -> LanguageDetector:
    """Tell languages apart without a translator."""
    from .language import LanguageDetector

    return LanguageDetector()


def parallel_sentences(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the (English, Chinese) sentences that the translator learns from, by corpus.

    Raises:
        DataError: A corpus is missing.
    """
    from .corpora import training_pairs

    corpora = training_pairs(data)
    return {name: [(pair.en, pair.zh) for pair in pairs] for name, pairs in corpora.items()}


def pretrain(
    data: Path, folder: Path, *, minutes: float, tick: Callable[[str, float, float], None]
) -> None:
    """Train the base from nothing, measure it, and write its model card.

    Raises:
        DataError: A corpus is missing.
    """
    from assistant.training_loop import Progress

    from .evaluation import measure
    from .model_card import write_model_card
    from .pretraining import train_translator

    def report(progress: Progress) -> None:
        tick("Training the translator", progress.seconds, minutes * 60)

    train_translator(data, folder, minutes=minutes, report=report)
    results = measure(str(folder), data, engines=("float", "int8"), tick=tick)
    write_model_card(folder, data, results, minutes=minutes)


def compare_engines(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure size, BLEU and sentences per second of a translator in each engine.

    Raises:
        ModelError: It is missing or damaged.
    """
    from .engine_comparison import compare

    return compare(folder, engines)
