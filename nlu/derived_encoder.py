"""Keep encoders that are made from others in the user's cache, each made once."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.engines import int8_name, made_once

_PARTS = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "adapter_config.json",
    "adapter_model.safetensors",
    "rows.safetensors",
    "pieces.txt",
)
_KEPT = 8


def derived_encoder(sources: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """Return the folder that ``make`` filled from the sources, now or at an earlier call.

    Args:
        sources: Folders whose files decide what the result is.
        make: Writes the encoder into an empty folder.
    """
    target = made_once(f"encoder-{_digest(sources)}", "model.safetensors", make)
    _forget_old(target.parent)
    return target


def _forget_old(cache: Path) -> None:
    """Delete all but the last used encoders and what was converted from them."""
    used = sorted(cache.glob("encoder-*"), key=lambda path: -path.stat().st_mtime)
    for folder in used[_KEPT:]:
        shutil.rmtree(cache / int8_name(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _digest(folders: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for name in _PARTS:
            if (folder / name).exists():
                digest.update(name.encode() + (folder / name).read_bytes())
    return digest.hexdigest()[:24]
