"""The action server that a bot names in its ``endpoints.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import BotFileError
from assistant.files.yaml_file import Faults, read_yaml


def action_address(root: Path) -> str | None:
    """Return ``action_endpoint.url`` of a bot's folder, or ``None`` where it names none.

    Raises:
        BotFilesError: The file is no YAML.
        BotFileError: The address is no text.
    """
    path = root / "endpoints.yml"
    if not path.is_file():
        return None
    faults = Faults(root)
    file = read_yaml(path, faults)
    faults.raise_all()
    endpoint = file.data.get("action_endpoint") if file and isinstance(file.data, Mapping) else None
    if endpoint is None:
        return None
    address = endpoint.get("url") if isinstance(endpoint, Mapping) else None
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise BotFileError("endpoints.yml", "action_endpoint.url must be an http address.")
    return address
