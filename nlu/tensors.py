"""Read a safetensors file of the model, or say in one line what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

Tensors = dict[str, NDArray[Any]]


def read_tensors(path: Path, names: Iterable[str]) -> Tensors:
    """Return the tensors of a file; every one of ``names`` is among them.

    Raises:
        ModelError: The file is missing, damaged, or lacks a tensor.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found: Tensors = load_file(str(path))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: is missing. Train again: trilogue train --force") from error
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(
            f"{path}: is damaged ({error}). Train again: trilogue train --force"
        ) from error
    lacking = sorted(set(names) - found.keys())
    if lacking:
        raise ModelError(f"{path}: lacks {', '.join(lacking)}. Train again: trilogue train --force")
    return found


def write_tensors(path: Path, tensors: Tensors) -> None:
    """Write arrays to a safetensors file."""
    from safetensors.numpy import save_file

    save_file({name: np.ascontiguousarray(each) for name, each in tensors.items()}, str(path))


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ModelError: The file is missing or damaged.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: is missing. Train again: trilogue train --force") from error
    except (ValueError, OSError) as error:
        raise ModelError(
            f"{path}: is damaged ({error}). Train again: trilogue train --force"
        ) from error
    if not isinstance(found, dict):
        raise ModelError(f"{path}: is damaged (no object). Train again: trilogue train --force")
    return found
