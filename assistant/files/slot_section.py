"""Read the ``slots:`` of a domain, with the mappings that fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.domain import MAPPING_TYPES, SLOT_TYPES, Condition, Domain, Slot
from assistant.domain import Mapping as SlotMapping
from assistant.errors import nearest

from .merging import define
from .yaml_file import YamlFile, kind, plain

_KEYS = (
    "type", "values", "initial_value", "influence_conversation", "mappings", "min_value",
    "max_value", "value_reset_delay",
)  # fmt: skip
_MAPPING_KEYS = (
    "type", "entity", "role", "group", "intent", "not_intent", "value", "action", "conditions",
)  # fmt: skip
_NEEDED = {"from_entity": "entity", "from_intent": "value", "from_trigger_intent": "value"}


def read_slots(file: YamlFile, domain: Domain) -> None:
    """Add one file's slots to the domain."""
    section = file.data.get("slots")
    if section is None:
        return
    for name, value in file.mapping(section, "slots").items():
        slot = _slot(file, section, name, value)
        define(file, domain, "slot", domain.slots, section, str(name), slot)


def _slot(file: YamlFile, section: Any, name: Any, value: Any) -> Slot:  # noqa: ANN401
    of_slot = str(value.get("type", "")) if isinstance(value, Mapping) else ""
    known = () if "." in of_slot else _KEYS
    entry = file.mapping(value, f"slot {name}", known=known, place=(section, name))
    if entry:
        _check_type(file, section, name, entry)
    low, high = file.number_at(entry, "min_value", 0.0), file.number_at(entry, "max_value", 1.0)
    if low >= high:
        file.fault(entry, f"slot {name}: min_value must be below max_value.", key="min_value")
    return Slot(
        name=str(name),
        type=str(entry.get("type", "text")),
        values=tuple(_values(file, entry, str(name))),
        initial=plain(entry.get("initial_value")),
        influences=file.flag_at(entry, "influence_conversation", default=of_slot != "any"),
        low=low,
        high=high,
        mappings=tuple(_mappings(file, entry, str(name))),
        extra={str(key): plain(entry[key]) for key in entry if key not in _KEYS},
    )


def _check_type(file: YamlFile, section: Any, name: Any, entry: Mapping[str, Any]) -> None:  # noqa: ANN401
    found = entry.get("type")
    if found is None:
        file.fault(section, f"slot {name} needs a type: {', '.join(SLOT_TYPES)}.", key=name)
    elif not isinstance(found, str):
        file.fault(entry, f"slot {name}: type must be a name, not {kind(found)}.", key="type")
    elif found not in SLOT_TYPES and "." not in found:
        hint = nearest(found, SLOT_TYPES)
        file.fault(entry, f"slot {name}: no slot type is called {found!r}. {hint}", key="type")
    if "mappings" not in entry:
        what = f"slot {name} needs mappings. Where actions fill it: mappings: [{{type: custom}}]"
        file.fault(section, what, key=name)
    if found == "categorical" and not entry.get("values"):
        file.notice(section, f"slot {name}: a categorical slot without values.", key=name)


def _values(file: YamlFile, entry: Mapping[str, Any], name: str) -> Iterator[str]:
    for i, value in enumerate(file.sequence(entry, "values", f"values of slot {name}")):
        if isinstance(value, (Mapping, list)):
            what = f"a value of slot {name} must be a name, not {kind(value)}."
            file.fault(entry["values"], what, key=i)
        elif value is not None:  # null stands for a slot that is not set
            yield str(value).lower()


def _mappings(file: YamlFile, entry: Mapping[str, Any], slot: str) -> Iterator[SlotMapping]:
    for i, item in enumerate(file.sequence(entry, "mappings", f"mappings of slot {slot}")):
        place = (entry["mappings"], i)
        what = f"a mapping of slot {slot}"
        found = file.mapping(item, what, known=_MAPPING_KEYS, lenient=True, place=place)
        kind_of = str(found.get("type", ""))
        if kind_of not in MAPPING_TYPES:
            if found:
                hint = nearest(kind_of, MAPPING_TYPES)
                what = f"slot {slot}: no mapping type is called {kind_of!r}. {hint}"
                file.fault(item, what, key="type")
            continue
        needed = _NEEDED.get(kind_of)
        if needed and found.get(needed) is None:
            file.fault(item, f"slot {slot}: a {kind_of} mapping needs {needed}.")
        yield SlotMapping(
            type=kind_of,
            entity=file.name_at(found, "entity"),
            role=file.name_at(found, "role"),
            group=file.name_at(found, "group"),
            intents=file.names_at(found, "intent"),
            not_intents=file.names_at(found, "not_intent"),
            value=plain(found.get("value")),
            action=file.name_at(found, "action"),
            conditions=tuple(_conditions(file, found, slot)),
        )


def _conditions(file: YamlFile, entry: Mapping[str, Any], slot: str) -> Iterator[Condition]:
    known = ("active_loop", "requested_slot")
    for i, item in enumerate(file.sequence(entry, "conditions", f"conditions of slot {slot}")):
        place = (entry["conditions"], i)
        found = file.mapping(item, f"a condition of slot {slot}", known=known, place=place)
        yield Condition(
            active_loop=file.name_at(found, "active_loop"),
            requested_slot=file.name_at(found, "requested_slot"),
        )
