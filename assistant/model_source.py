"""Where a model comes from: a local folder, a base that ships with the package, or a hub name."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from .errors import ModelError


def resolve_model(name: str | None, *, built_in: str, package: str) -> Path:
    """Return the folder of a model.

    Args:
        name: A local folder, the built-in base's name (or ``None``), or a hub name ``owner/model``.
        built_in: The name of the base that ``package`` ships in its ``base`` folder.
        package: ``"generation"``, ``"translation"`` or ``"nlu"``.

    Raises:
        ModelError: Nothing is found, with the places that were looked at.
    """
    if name is None or name == built_in:
        return Path(str(files(package).joinpath("base")))
    local = Path(name).expanduser()
    if local.is_dir():
        return local
    if local.is_absolute() or name.startswith(".") or name.count("/") > 1:
        raise ModelError(f"{name}: no such model folder.")
    return _from_hub(name, built_in)


def _from_hub(name: str, built_in: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    offline = os.environ.get("HF_HUB_OFFLINE") == "1"
    patterns = ["*.json", "*.safetensors", "*.spm", "*.txt", "*.model"]
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, local_files_only=offline))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(
            f"{name!r} is neither a folder here, nor the built-in {built_in!r}, "
            f"nor a model that the hub gives: {reason}"
        ) from error
