"""Load what `nlu.training` saved; every file is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from assistant.component import Engine
from assistant.errors import ModelError

from .adapters import merged_encoder
from .encoder import load_encoder
from .entities.assembly import entity_reader
from .entities.options import options_of
from .entity_reader import EntityReader
from .familiarity import TENSORS as FAMILIAR_TENSORS
from .linear_head import TENSORS as HEAD_TENSORS
from .linear_head import LinearHead
from .part import FORMAT
from .reader import Reader
from .sentiment import SentimentReader
from .shared_encoder import SENTIMENT, shared_encoder
from .tagger import TENSORS as TAGGER_TENSORS
from .tagger import Tagger
from .tensors import Tensors, read_object, read_tensors
from .training import ADAPTER, DESCRIPTION, TENSORS

_KEYS: dict[str, type | tuple[type, ...]] = {
    "format": int, "encoder": (str, type(None)), "adapted": bool, "sentiment": bool,
    "literal": list, "synonyms": dict, "regexes": dict, "lookups": dict, "intents": list,
    "tags": list, "language": str, "entity_steps": list,
}  # fmt: skip


def load(folder: Path, *, engine: Engine = "int8") -> Reader:
    """Load a trained understanding.

    Raises:
        ModelError: A file is missing, damaged, or of another format.
    """
    described = _description(folder)
    names = [
        "idf",
        "columns",
        *HEAD_TENSORS,
        *FAMILIAR_TENSORS,
        *(TAGGER_TENSORS if described["tags"] else ()),
    ]
    tensors = read_tensors(folder / TENSORS, names)
    reader = Reader(
        encoder=load_encoder(trained_encoder(folder), engine=engine),
        intents=LinearHead.of(tuple(described["intents"]), tensors),
        entities=_entities(folder / DESCRIPTION, described, tensors),
        sentiment=SentimentReader.load(SENTIMENT) if described["sentiment"] else None,
        literal=frozenset(described["literal"]),
        idf=tensors["idf"].astype(np.float32),
        columns=tensors["columns"].astype(np.int32),
    )
    _check_shapes(folder / TENSORS, reader)
    return reader


def trained_encoder(folder: Path) -> Path:
    """Return the encoder of a trained understanding, with its adapters merged in.

    Raises:
        ModelError: It is missing or damaged.
    """
    described = _description(folder)
    base, _ = shared_encoder(described["encoder"])
    return merged_encoder(base, [folder / ADAPTER] if described["adapted"] else [])


def _description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    found = read_object(path)
    if found.get("format") != FORMAT:
        raise ModelError(
            f"{path}: was made in format {found.get('format')}, this version reads {FORMAT}. "
            "Train again: trilogue train"
        )
    for key, kind in _KEYS.items():
        if key not in found or not isinstance(found[key], kind):
            raise ModelError(f"{path}: lacks {key!r}. Train again: trilogue train --force")
    return found


def _entities(path: Path, described: dict[str, Any], tensors: Tensors) -> EntityReader:
    try:
        options = options_of(described["entity_steps"])
    except ValueError as error:
        raise ModelError(f"{path}: damaged entity steps. Train again: trilogue train") from error
    return entity_reader(
        options,
        tagger=Tagger.of(tuple(described["tags"]), tensors) if described["tags"] else None,
        regexes=described["regexes"],
        lookups=described["lookups"],
        synonyms=described["synonyms"],
        language=described["language"],
    )


def _check_shapes(path: Path, reader: Reader) -> None:
    """Refuse a file whose tensors do not fit each other or the encoder."""
    columns, width, head = len(reader.columns), reader.encoder.width, reader.intents
    classes = len(head.labels)
    fits = (
        head.sparse.shape == (columns, classes)
        and head.dense.shape == (width, classes)
        and head.bias.shape == (classes,)
    )
    if reader.entities.trained is not None:
        tagger = reader.entities.trained.tagger
        tags = len(tagger.names)
        fits = fits and tagger.dense.shape == (width, tags) and tagger.sparse.shape[1] == tags
    if not fits:
        raise ModelError(
            f"{path}: its tensors do not fit {DESCRIPTION} or the encoder. "
            "Train again: trilogue train --force"
        )
