"""Turn a Hugging Face folder into 8-bit files once, and keep them in the user's cache.

CTranslate2 int8 is what a CPU serves by default: about a quarter of the size and two to four
times the speed of float32, at a loss below what the quality tests can see.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import ModelError

_WEIGHTS = "model.safetensors"
_CONVERSION = 2  # counts the ways of converting; another one needs another folder


def cache_folder() -> Path:
    """``TRILOGUE_CACHE``, or ``trilogue`` in the user's cache folder."""
    chosen = os.environ.get("TRILOGUE_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "trilogue"


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of a model folder's files."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*")):
        if file.is_file():
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def check_weights(folder: Path) -> None:
    """Raise one clear line when a folder's weights are missing, a pointer, or cut off.

    Raises:
        ModelError: With the file and what to do.
    """
    from safetensors import SafetensorError, safe_open

    weights = folder / _WEIGHTS
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model folder. Train first: trilogue train")
    if not weights.exists():
        raise ModelError(f"{weights}: the model's weights are missing. Train or copy them again.")
    try:
        with safe_open(str(weights), framework="numpy") as tensors:
            if not list(tensors.keys()):
                raise ModelError(f"{weights}: holds no tensors. Train or copy the model again.")
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(
            f"{weights}: the file is damaged ({error}). Train or copy the model again."
        ) from error


def int8_folder(folder: Path) -> Path:
    """Convert a GPT-2, Marian or BERT folder to CTranslate2 int8; a second call is free.

    Args:
        folder: As ``save_pretrained`` wrote it.

    Returns:
        The converted folder, in the cache, named after the fingerprint of ``folder``.

    Raises:
        ModelError: The folder is damaged or its architecture cannot be converted.
    """
    check_weights(folder)

    def make(draft: Path) -> None:
        _convert(folder, draft)
        for name in ("source.spm", "target.spm", "vocab.json", "tokenizer.json"):
            if (folder / name).exists():
                shutil.copy(folder / name, draft / name)

    return made_once(int8_name(folder), "model.bin", make)


def int8_name(folder: Path) -> str:
    """Name in the cache of a folder's conversion."""
    return f"int8-{_CONVERSION}-{fingerprint(folder)[:24]}"


def made_once(name: str, last: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of the cache, which the first caller makes.

    Args:
        name: Of the folder.
        last: A file of it; the folder is whole where that is there.
        make: Fills an empty folder.
    """
    target = cache_folder() / name
    if (target / last).exists():
        target.touch()
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix="draft-"))
    try:
        make(draft)
        draft.replace(target)
    except OSError:
        if not (target / last).exists():  # else another process was faster
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _convert(folder: Path, draft: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    converter = TransformersConverter(str(folder))
    load = converter.load_model
    converter.load_model = lambda *names, **options: _starting_from_zero(load(*names, **options))
    try:
        converter.convert(str(draft), quantization="int8", force=True)
    except (ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"{folder}: cannot be served in 8 bit: {error}") from error


def _starting_from_zero(model: Any) -> Any:  # noqa: ANN401 - transformers has no types here
    """Move the start token's embedding of a Marian decoder into its first position.

    CTranslate2 starts Marian on a zero vector, as the original Marian does. A model that was
    trained with ``transformers`` has learned a start vector through its tied output layer.
    """
    if model.config.model_type != "marian":
        return model
    model = model.float()
    decoder = model.model.decoder
    start = decoder.embed_tokens.weight.data[model.config.decoder_start_token_id]
    decoder.embed_positions.weight.data[0] += decoder.embed_scale * start
    return model


def bytes_of(folder: Path) -> int:
    """Size of a folder's files in bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
