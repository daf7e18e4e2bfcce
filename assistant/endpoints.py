"""Read ``endpoints.yml``: where the bot's helpers live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .files.yaml_file import Faults, kind, read_yaml

_KNOWN = ("action_endpoint", "tracker_store", "models", "nlg", "event_broker", "lock_store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The addresses that a bot uses.

    Attributes:
        actions: Of the action server; ``None`` where actions are Python files of the bot.
        unused: Keys that are read by Rasa and have no meaning here.
    """

    actions: str | None = None
    unused: tuple[str, ...] = ()


def read_endpoints(path: Path) -> Endpoints:
    """Read the file; a missing one means no endpoints.

    Raises:
        BotFilesError: All faults of the file.
    """
    if not path.exists():
        return Endpoints()
    faults = Faults(path.parent)
    file = read_yaml(path, faults)
    faults.raise_all()
    if file is None or file.data is None:
        return Endpoints()
    if not isinstance(file.data, Mapping):
        faults.add(f"{file.name}:1", f"must be keys and values, not {kind(file.data)}.")
        faults.raise_all()
    found = file.mapping(file.data, "endpoints", known=_KNOWN)
    action = found.get("action_endpoint")
    url = None
    if action is not None:
        url = file.mapping(action, "action_endpoint").get("url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            file.fault(action, "action_endpoint needs a url that begins with http.", key="url")
    faults.raise_all()
    unused = tuple(key for key in found if key != "action_endpoint")
    return Endpoints(actions=None if url is None else str(url), unused=unused)
