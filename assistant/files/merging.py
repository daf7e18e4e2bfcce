"""One domain from several files: what stands first counts, and what stands twice is told.

Within one file a name that a list holds twice is a fault, as in Rasa.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.domain import Domain

from .yaml_file import YamlFile, kind


def stands_elsewhere(file: YamlFile, domain: Domain, of: str, section: Any, name: str) -> bool:  # noqa: ANN401
    """Tell a slot, form or response that an earlier file defines; otherwise keep its place."""
    earlier = domain.places.get(f"{of} {name}")
    if earlier is not None:
        file.notice(section, f"{of} {name} is defined at {earlier} already.",
                    key=name)  # fmt: skip
        return True
    domain.places[f"{of} {name}"] = file.where(section, name)
    return False


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
