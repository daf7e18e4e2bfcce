"""Make the Chinese extension from parallel sentences: pieces, first rows, then distillation."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.component import Tick
from nlu.encoder import Encoder, load_encoder, load_tokenizer
from nlu.shared_encoder import sentiment_encoder

from .alignment import first_rows
from .distillation import RowsModel, distil
from .extension import add_pieces, write_extension
from .pieces import chinese_pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Pairs = Mapping[str, Sequence[tuple[str, str]]]
# How often a corpus is read in one pass: what is nearest to a service desk counts most.
COPIES = {"shop_desk": 6, "task": 2, "tatoeba": 2}
PUNCTUATION = ("；",)  # the other Chinese marks are known to the encoder


def train_extension(pairs: Pairs, folder: Path, *, minutes: float, tick: Tick) -> None:
    """Train the extension and save it in ``folder``.

    Args:
        pairs: (English, Chinese) sentences by corpus.
        folder: Receives ``pieces.txt`` and ``rows.safetensors``; its ``work`` folder keeps what a
            run that was cut off goes on from.
        minutes: Core-minutes of distillation.
        tick: Told how it goes.
    """
    every = [
        pair
        for name, found in pairs.items()
        for pair in itertools.chain.from_iterable([found] * COPIES.get(name, 1))
    ]
    once = [pair for found in pairs.values() for pair in found]
    base = sentiment_encoder()
    pieces = [*_pieces(every, folder / "work" / "pieces.txt"), *PUNCTUATION]
    tokenizer = load_tokenizer(base)
    english = _ids(tokenizer, [en for en, _ in once])
    places = add_pieces(tokenizer, pieces)
    row_of = {place: row for row, place in enumerate(places)}
    chinese = [
        [row_of[i] for i in ids if i in row_of] for ids in _ids(tokenizer, [zh for _, zh in once])
    ]
    rows = first_rows(chinese, english, len(pieces), _table(base))
    goals, targets = _goals(load_encoder(base), [en for en, _ in every], tick)
    rows = distil(
        RowsModel(base, rows, places),
        [each.ids for each in tokenizer.encode_batch([zh for _, zh in every])],
        targets,
        goals,
        minutes=minutes,
        checkpoint=folder / "work" / "rows.safetensors",
        report=lambda seconds: tick("Training the Chinese rows", seconds, minutes * 60),
    )
    write_extension(folder, pieces, rows)


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    found = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [each.ids for each in found]


def _table(folder: Path) -> NDArray[np.float32]:
    """The embedding rows of an encoder."""
    from safetensors.numpy import load_file

    weights = load_file(str(folder / "model.safetensors"))
    return weights["embeddings.word_embeddings.weight"].astype(np.float32)


def _pieces(pairs: Sequence[tuple[str, str]], kept: Path) -> list[str]:
    """Choose the pieces, or read those that an earlier run chose."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("\n".join(chinese_pieces([zh for _, zh in pairs])), encoding="utf-8")
    return kept.read_text(encoding="utf-8").splitlines()


def _goals(
    encoder: Encoder, texts: Sequence[str], tick: Tick
) -> tuple[NDArray[np.float32], list[int]]:
    """Embed each English sentence once: the embeddings, and which one each text has."""
    number = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    once = list(number)
    goals = np.zeros((len(once), encoder.width), dtype=np.float32)
    for start in range(0, len(once), 4096):
        part = encoder.encode(once[start : start + 4096])
        goals[start : start + len(part)] = [each.mean for each in part]
        tick("Reading the English", start + len(part), len(once))
    return goals, [number[text] for text in texts]
