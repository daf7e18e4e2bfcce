"""The encoder on which bots train: the built-in one with the sentiment adapter merged in."""

from __future__ import annotations

from pathlib import Path

from .adapters import merged_encoder
from .encoder import BUILT_IN, encoder_folder

SENTIMENT = Path(__file__).parent / "sentiment"


def shared_encoder(name: str | None) -> tuple[Path, bool]:
    """Return the folder of an encoder, and whether sentiment can be read from its states.

    Args:
        name: As in ``nlu: {encoder: …}``. Only the built-in one carries the sentiment adapter.

    Raises:
        ModelError: It is missing or damaged.
    """
    folder = encoder_folder(name)
    if name not in (None, BUILT_IN):
        return folder, False
    return merged_encoder(folder, [SENTIMENT / "adapter"]), True
