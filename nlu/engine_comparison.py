"""What 8 bit costs and gives the encoder: size, nearness to float, and speed of each engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.component import Engine, EngineFigures

from .encoder import Encoded, load_encoder
from .loading import trained_encoder
from .shared_encoder import shared_encoder
from .training import DESCRIPTION

SENTENCES = (
    "Where is my order? It should have been here on Monday.",
    "How long does delivery to Vienna take?",
    "I would like to return the jacket, it is too small.",
    "You charged me twice and I want my money back!",
    "Can I change the address of a parcel that has left already?",
    "Is the blue teapot in stock again?",
    "My discount code does not work.",
    "The mug arrived in pieces, please send a new one.",
    "I forgot my password and the link has expired.",
    "Could I talk to a human being, please?",
    "Thanks a lot, that was quick.",
    "When do you open on Saturdays?",
    "Send the invoice to accounts@example.com, please.",
    "What is the warranty on the headphones?",
    "No, the other one.",
    "I ordered two lamps but only one was in the box.",
)
_ROUNDS = 3


def compare(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure an encoder on sentences of a shop's desk, one at a time as a chat needs it.

    Args:
        folder: A trained understanding, an encoder's folder, or ``None``: the built-in encoder
            with the sentiment adapter.
        engines: Which ways to hold the numbers.

    Raises:
        ModelError: The model is missing or damaged.
    """
    if folder is not None and (folder / DESCRIPTION).exists():
        encoder = trained_encoder(folder)
    else:
        encoder, _ = shared_encoder(str(folder) if folder else None)
    exact = load_encoder(encoder, engine="float").encode(SENTENCES)
    return [_figures(encoder, engine, exact) for engine in engines]


def _figures(folder: Path, engine: Engine, exact: Sequence[Encoded]) -> EngineFigures:
    encoder = load_encoder(folder, engine=engine)
    found = encoder.encode(SENTENCES)
    cosines = [float(a.mean @ b.mean) for a, b in zip(found, exact, strict=True)]
    began = time.perf_counter()
    for _ in range(_ROUNDS):
        for sentence in SENTENCES:
            encoder.encode([sentence])
    seconds = time.perf_counter() - began
    return EngineFigures(
        model="encoder",
        engine=engine,
        bytes=encoder.size,
        quality={"cosine": float(np.mean(cosines)), "least cosine": min(cosines)},
        speed=_ROUNDS * len(SENTENCES) / seconds,
        unit="sentences",
    )
