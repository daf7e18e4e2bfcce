"""Tell whether a YAML file belongs to a bot, by its top-level keys, and check those."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from assistant.errors import nearest

from .domain_file import DOMAIN_KEYS
from .yaml_file import YamlFile, kind

SECTIONS = ("version", "nlu", "responses", "stories", "rules", *DOMAIN_KEYS)
NEWEST_FORMAT = (3, 1)
_OWN_KEYS = ("x-", "_", ".")
"""How keys begin that authors keep for themselves, such as a home for YAML anchors."""


def has_sections(file: YamlFile, *, must: bool, typos: bool = True) -> bool:
    """Whether a file holds something to read; unknown sections are faults or notices.

    Args:
        file: Any YAML file of a bot's folder.
        must: Whether it is surely a bot's file.
        typos: Whether to look for misspelt sections.
    """
    if not isinstance(file.data, Mapping):
        if file.data is not None and must:
            what = f"must be keys and values, not {kind(file.data)}."
            file.faults.add(f"{file.name}:1", what)
        return False
    known = [key for key in file.data if key in SECTIONS and key != "version"]
    for key in file.data:
        if key not in SECTIONS and typos and not str(key).startswith(_OWN_KEYS):
            _tell_unknown(file, key, must=must, sure=bool(known))
    if known:
        _check_version(file)
    return bool(known)


def _tell_unknown(file: YamlFile, key: object, *, must: bool, sure: bool) -> None:
    """A misspelt section is a fault; another key is named, where the file is surely ours."""
    name = str(key)
    if name == "templates" and (must or sure) and "responses" not in file.data:
        file.fault(file.data, "'templates' is called 'responses' since Rasa 2.", key=key)
    elif get_close_matches(name, SECTIONS, n=1, cutoff=0.75) and (must or sure):
        hint = nearest(name, SECTIONS)
        file.fault(file.data, f"no section is called {name!r}. {hint}", key=key)
    elif sure:
        file.notice(file.data, f"no section is called {name!r}; it is not read.", key=key)


def _check_version(file: YamlFile) -> None:
    found = file.name_at(file.data, "version")
    if found is None:
        return
    numbers = tuple(int(number) for number in re.findall(r"\d+", found)[:2])
    if not numbers:
        what = f"version must be a number such as '3.1', not {found!r}."
        file.fault(file.data, what, key="version")
    elif numbers > NEWEST_FORMAT:
        newest = ".".join(map(str, NEWEST_FORMAT))
        file.notice(file.data, f"format {found} is read as {newest}.", key="version")
