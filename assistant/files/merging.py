"""One domain from several files: what stands first counts, and what stands twice is told.

Within one file a name that a list holds twice is a fault, as in Rasa.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from assistant.domain import Domain

from .yaml_file import YamlFile, kind

Value = TypeVar("Value")


def define(
    file: YamlFile,
    domain: Domain,
    of: str,
    known: dict[str, Value],
    section: Any,  # noqa: ANN401
    name: str,
    value: Value,
) -> None:
    """Keep a slot, form or response; one that an earlier file defines otherwise is told.

    Args:
        file: Where it is defined.
        domain: Keeps the places.
        of: ``"slot"``, ``"form"`` or ``"response"``.
        known: Those that are defined.
        section: Of the file.
        name: Its name.
        value: What was read.
    """
    if name not in known:
        domain.places[f"{of} {name}"] = file.where(section, name)
        known[name] = value
    elif known[name] != value:
        what = f"{of} {name} is defined at {domain.place(of, name)} already."
        file.notice(section, what, key=name)


def listed(
    file: YamlFile, domain: Domain, key: str, of: str
) -> Iterator[tuple[str, Mapping[str, Any], int]]:
    """Yield the names of a list such as ``intents:``, each with its settings and its index.

    An item is a name, or one name with settings below it.
    """
    items = file.sequence(file.data, key, key)
    twice: list[str] = []
    for i, item in enumerate(items):
        name, settings = _item(file, items, i, item, of)
        if not name:
            continue
        earlier = domain.places.get(f"{of} {name}")
        if earlier is None:
            domain.places[f"{of} {name}"] = file.where(items, i)
            yield name, settings, i
        elif earlier.rpartition(":")[0] == file.name:
            file.fault(items, f"{of} {name} stands twice, also at {earlier}.", key=i)
        else:
            twice.append(name)
    if twice:
        file.notice(file.data, f"{key} that an earlier file holds too: {', '.join(twice)}.",
                    key=key)  # fmt: skip


def _item(
    file: YamlFile, items: Any, i: int, item: Any, of: str  # noqa: ANN401
) -> tuple[str, Mapping[str, Any]]:  # fmt: skip
    if isinstance(item, Mapping):
        if len(item) != 1:
            file.fault(items, f"an {of} is one name, perhaps with settings below it.", key=i)
            return "", {}
        name = next(iter(item))
        settings = item[name]
        if settings is not None and not isinstance(settings, Mapping):
            what = f"the settings of {of} {name} must be a mapping, not {kind(settings)}."
            file.fault(item, what, key=name)
        return str(name), settings if isinstance(settings, Mapping) else {}
    if item is None or isinstance(item, list):
        file.fault(items, f"an {of} must be a name, not {kind(item)}.", key=i)
        return "", {}
    return str(item), {}
