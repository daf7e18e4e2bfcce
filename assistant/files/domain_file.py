"""Read the domain keys of a bot's files: intents, entities, slots, forms, actions, session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.domain import Condition, Domain, Entity, Form, IntentRule, Slot
from assistant.domain import Mapping as SlotMapping
from assistant.errors import nearest

from .yaml_file import YamlFile, kind, plain

SLOT_TYPES = ("text", "bool", "float", "list", "categorical", "any")
MAPPING_TYPES = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")
_SLOT_KEYS = (
    "type", "values", "initial_value", "influence_conversation", "mappings",
    "min_value", "max_value",
)  # fmt: skip
_MAPPING_KEYS = (
    "type", "entity", "role", "group", "intent", "not_intent", "value", "action", "conditions",
)  # fmt: skip


def read_domain(file: YamlFile, domain: Domain) -> None:
    """Add one file's part of the domain; parts of several files are merged."""
    _read_intents(file, domain)
    _read_entities(file, domain)
    _read_slots(file, domain)
    _read_forms(file, domain)
    for item in file.sequence(file.data, "actions", "actions"):
        name, settings = _name_and_settings(file, item)
        domain.actions[name] = bool(settings.get("send_domain", True))
    session = file.data.get("session_config")
    if session is not None:
        known = ("session_expiration_time", "carry_over_slots_to_new_session")
        found = file.mapping(session, "session_config", known=known)
        domain.session_minutes = file.number_at(found, known[0], 60.0)
        domain.carry_over = bool(found.get(known[1], True))


def _name_and_settings(file: YamlFile, item: Any) -> tuple[str, Mapping[str, Any]]:  # noqa: ANN401
    """Read ``name`` or ``{name: {setting: value}}``."""
    if isinstance(item, Mapping):
        if len(item) != 1:
            file.fault(item, "expected one name, perhaps with settings below it.")
        name = next(iter(item), "")
        settings = item.get(name)
        return str(name), settings if isinstance(settings, Mapping) else {}
    return str(item), {}


def _read_intents(file: YamlFile, domain: Domain) -> None:
    for item in file.sequence(file.data, "intents", "intents"):
        name, settings = _name_and_settings(file, item)
        known = ("use_entities", "ignore_entities")
        for key in settings:
            if key not in known:
                file.fault(
                    settings, f"intent {name} has no key {key!r}. {nearest(key, known)}", key=key
                )
        every = settings.get("use_entities", True) in (True, None)
        domain.intents[name] = IntentRule(
            used=None if every else file.names_at(settings, "use_entities"),
            ignored=file.names_at(settings, "ignore_entities"),
        )
        domain.places[f"intent {name}"] = file.where(item if settings else file.data, "intents")


def _read_entities(file: YamlFile, domain: Domain) -> None:
    for item in file.sequence(file.data, "entities", "entities"):
        name, settings = _name_and_settings(file, item)
        domain.entities[name] = Entity(
            roles=file.names_at(settings, "roles"),
            groups=file.names_at(settings, "groups"),
            influences=settings.get("influence_conversation") is not False,
        )


def _read_slots(file: YamlFile, domain: Domain) -> None:
    section = file.data.get("slots")
    if section is None:
        return
    for name, value in file.mapping(section, "slots").items():
        entry = file.mapping(value, f"slot {name}", known=_SLOT_KEYS)
        kind_of = str(entry.get("type", "text"))
        if kind_of not in SLOT_TYPES and "." not in kind_of:
            hint = nearest(kind_of, SLOT_TYPES)
            what = f"slot {name}: no slot type is called {kind_of!r}. {hint}"
            file.fault(value, what, key="type")
        if kind_of == "categorical" and not entry.get("values"):
            file.fault(section, f"slot {name}: a categorical slot needs values.", key=name)
        domain.places[f"slot {name}"] = file.where(section, name)
        domain.slots[str(name)] = Slot(
            name=str(name),
            type=kind_of,
            values=tuple(value.lower() for value in file.names_at(entry, "values")),
            initial=plain(entry.get("initial_value")),
            influences=bool(entry.get("influence_conversation", kind_of != "any")),
            low=file.number_at(entry, "min_value", 0.0),
            high=file.number_at(entry, "max_value", 1.0),
            mappings=tuple(_mappings(file, entry, str(name))),
        )


def _mappings(file: YamlFile, entry: Mapping[str, Any], slot: str) -> Iterator[SlotMapping]:
    for item in file.sequence(entry, "mappings", f"mappings of slot {slot}"):
        found = file.mapping(item, f"a mapping of slot {slot}", known=_MAPPING_KEYS)
        kind_of = str(found.get("type", ""))
        if kind_of not in MAPPING_TYPES:
            hint = nearest(kind_of, MAPPING_TYPES)
            file.fault(
                item, f"slot {slot}: no mapping type is called {kind_of!r}. {hint}", key="type"
            )
            continue
        if kind_of == "from_entity" and "entity" not in found:
            file.fault(item, f"slot {slot}: a from_entity mapping needs entity.")
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
    for item in file.sequence(entry, "conditions", f"conditions of slot {slot}"):
        known = ("active_loop", "requested_slot")
        found = file.mapping(item, f"a condition of slot {slot}", known=known)
        yield Condition(
            active_loop=file.name_at(found, "active_loop"),
            requested_slot=file.name_at(found, "requested_slot"),
        )


def _read_forms(file: YamlFile, domain: Domain) -> None:
    section = file.data.get("forms")
    if section is None:
        return
    for name, value in file.mapping(section, "forms").items():
        entry = file.mapping(
            value or {}, f"form {name}", known=("required_slots", "ignored_intents")
        )
        required = entry.get("required_slots") or []
        if isinstance(required, str) or not isinstance(required, (list, Mapping)):
            file.fault(
                entry, f"required_slots must be a list, not {kind(required)}.", key="required_slots"
            )
            required = []
        domain.places[f"form {name}"] = file.where(section, name)
        domain.forms[str(name)] = Form(
            name=str(name),
            required=tuple(str(slot) for slot in required),
            ignored_intents=file.names_at(entry, "ignored_intents"),
        )
