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

    An item is a name, or a name with settings below it.
    """
    items = file.sequence(file.data, key, key)
    twice: list[str] = []
    for i in range(len(items)):
        for name, settings in _item(file, items, i, of):
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
    file: YamlFile, items: Any, i: int, of: str  # noqa: ANN401
) -> Iterator[tuple[str, Mapping[str, Any]]]:  # fmt: skip
    item = items[i]
    if item is None or isinstance(item, (list, bool)):
        file.fault(items, f"an {of} must be a name, not {kind(item)}.", key=i)
    elif not isinstance(item, Mapping):
        yield str(item), {}
    else:
        for name, settings in item.items():
            if settings is not None and not isinstance(settings, Mapping):
                what = f"the settings of {of} {name} must be a mapping, not {kind(settings)}."
                file.fault(item, what, key=name)
            yield str(name), settings if isinstance(settings, Mapping) else {}
