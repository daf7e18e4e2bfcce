"""The encoder on which bots train: the built-in one, taught sentiment and Chinese."""

from __future__ import annotations

from pathlib import Path

from .adapters import merged_encoder
from .chinese.extension import chinese_encoder
from .encoder import BUILT_IN, encoder_folder

SENTIMENT = Path(__file__).parent / "sentiment"


def shared_encoder(name: str | None) -> tuple[Path, bool]:
    """Return the folder of an encoder, and whether sentiment can be read from its states.

    Args:
        name: As in ``nlu: {encoder: …}``. Only the built-in one carries the sentiment adapter
            and the Chinese rows.

    Raises:
        ModelError: It is missing or damaged.
    """
    if name not in (None, BUILT_IN):
        return encoder_folder(name), False
    return chinese_encoder(sentiment_encoder()), True


def sentiment_encoder() -> Path:
    """Return the folder of the built-in encoder with the sentiment adapter merged in.

    Raises:
        ModelError: It is missing or damaged.
    """
    return merged_encoder(encoder_folder(None), [SENTIMENT / "adapter"])
