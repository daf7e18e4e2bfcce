"""Find the folders that a translator's name stands for, and load them."""

from __future__ import annotations

from pathlib import Path

from assistant.component import Engine
from assistant.errors import ModelError
from assistant.model_source import resolve_model

from .decoding import load_decoder
from .marian_folder import read_marian_folder
from .translator import Direction, MarianTranslator

BUILT_IN = "trilogue-zh-en"


def load_translator(name: str | None, engine: Engine) -> MarianTranslator:
    """Load the model of each direction; of two for the same direction the first one counts.

    Args:
        name: See `part.load`.
        engine: How the numbers are held.

    Raises:
        ModelError: A model is missing, damaged, or no Marian model.
    """
    directions: dict[tuple[str, str], Direction] = {}
    for folder in model_folders(name):
        marian = read_marian_folder(folder)
        direction = Direction(folder=marian, decoder=load_decoder(marian, engine))
        for pair in marian.pairs:
            directions.setdefault(pair, direction)
    return MarianTranslator(directions)


def model_folders(name: str | None) -> list[Path]:
    """Return the folders of one name, of several with commas between them, or of sub-folders.

    Raises:
        ModelError: Nothing is found.
    """
    names: list[str | None] = [each.strip() for each in (name or "").split(",") if each.strip()]
    found: list[Path] = []
    for each in names or [None]:
        folder = resolve_model(each, built_in=BUILT_IN, package="translation")
        if each in (None, BUILT_IN) and not (folder / "config.json").exists():
            raise ModelError(
                f"{folder}: the built-in translator is not there. Make it with: trilogue pretrain "
                "translator, or name another one in config.yml under translation: base:"
            )
        inner = [] if (folder / "config.json").exists() else sorted(folder.glob("*/config.json"))
        found += [path.parent for path in inner] or [folder]
    return found
