"""Read the domain keys of a bot's files: intents, entities, slots, forms, actions, session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from assistant.domain import Domain, Entity, IntentRule, Slot
from assistant.domain import Mapping as SlotMapping

from .form_section import read_forms
from .merging import listed
from .slot_section import read_slots
from .yaml_file import YamlFile

DOMAIN_KEYS = (
    "intents", "entities", "slots", "forms", "actions", "e2e_actions", "session_config", "config",
)  # fmt: skip
_INTENT_KEYS = ("use_entities", "ignore_entities", "is_retrieval_intent", "triggers")
_ENTITY_KEYS = ("roles", "groups", "influence_conversation")
_ACTION_KEYS = ("send_domain",)
_KNOWLEDGE_BASE = "action_query_knowledge_base"
_KNOWLEDGE_BASE_SLOTS = (
    "knowledge_base_listed_objects",
    "knowledge_base_last_object",
    "knowledge_base_last_object_type",
)


def read_domain(file: YamlFile, domain: Domain) -> None:
    """Add one file's part of the domain; parts of several files are merged."""
    _read_intents(file, domain)
    _read_entities(file, domain)
    read_slots(file, domain)
    read_forms(file, domain)
    for name, settings, _ in listed(file, domain, "actions", "action"):
        _check_keys(file, settings, f"action {name}", _ACTION_KEYS)
        domain.actions[name] = file.flag_at(settings, "send_domain", default=False)
    texts = file.names_at(file.data, "e2e_actions")
    domain.e2e_actions = tuple(dict.fromkeys([*domain.e2e_actions, *texts]))
    _read_session(file, domain)
    settings = file.data.get("config")
    if settings is not None:
        found = file.mapping(settings, "config", known=("store_entities_as_slots",), lenient=True)
        domain.store_entities = file.flag_at(found, "store_entities_as_slots", default=True)


def finish_domain(domain: Domain, *, retrieval: Iterable[str]) -> None:
    """Work out what only the whole of a domain tells.

    Args:
        domain: Merged from all files.
        retrieval: Intents that have response keys, such as ``faq`` of ``faq/warranty``.
    """
    unseen = tuple(name for name, entity in domain.entities.items() if not entity.influences)
    answered = set(retrieval)
    for name, rule in domain.intents.items():
        ignored = rule.ignored if f"ignored {name}" in domain.places else unseen
        domain.intents[name] = replace(
            rule, ignored=ignored, retrieval=rule.retrieval or name in answered
        )
    if _KNOWLEDGE_BASE in domain.actions:
        for name in _KNOWLEDGE_BASE_SLOTS:
            filled_by_action = SlotMapping(type="custom")
            slot = Slot(name=name, type="any", influences=False, mappings=(filled_by_action,))
            domain.slots.setdefault(name, slot)


def _check_keys(
    file: YamlFile, settings: Mapping[str, Any], what: str, known: tuple[str, ...]
) -> None:
    if settings:
        file.mapping(settings, what, known=known, lenient=True)


def _read_intents(file: YamlFile, domain: Domain) -> None:
    for name, settings, i in listed(file, domain, "intents", "intent"):
        _check_keys(file, settings, f"intent {name}", _INTENT_KEYS)
        if "triggers" in settings:
            file.notice(settings, f"intent {name}: triggers has no meaning since Rasa 3. Write a "
                        "rule instead.", key="triggers")  # fmt: skip
        if "ignore_entities" in settings:
            domain.places[f"ignored {name}"] = file.where(file.data["intents"], i)
        domain.intents[name] = IntentRule(
            used=_used(file, settings),
            ignored=file.names_at(settings, "ignore_entities"),
            retrieval=file.flag_at(settings, "is_retrieval_intent", default=False),
        )


def _used(file: YamlFile, settings: Mapping[str, Any]) -> tuple[str, ...] | None:
    """``use_entities``: true for all; a list; or none at all (false, null, an empty list)."""
    wanted = settings.get("use_entities", True)
    if wanted is True:
        return None
    return file.names_at(settings, "use_entities") if wanted else ()


def _read_entities(file: YamlFile, domain: Domain) -> None:
    for name, settings, _ in listed(file, domain, "entities", "entity"):
        _check_keys(file, settings, f"entity {name}", _ENTITY_KEYS)
        domain.entities[name] = Entity(
            roles=file.names_at(settings, "roles"),
            groups=file.names_at(settings, "groups"),
            influences=file.flag_at(settings, "influence_conversation", default=True),
        )


def _read_session(file: YamlFile, domain: Domain) -> None:
    session = file.data.get("session_config")
    if session is None:
        return
    minutes, carries = "session_expiration_time", "carry_over_slots_to_new_session"
    found = file.mapping(session, "session_config", known=(minutes, carries), lenient=True)
    earlier = domain.places.get("session")
    if earlier is not None:
        what = f"session_config stands at {earlier} already."
        file.notice(file.data, what, key="session_config")
        return
    domain.places["session"] = file.where(file.data, "session_config")
    if found.get(minutes) is not None:
        domain.session_minutes = file.number_at(found, minutes, 60.0)
        if domain.session_minutes < 0:
            file.fault(found, f"{minutes} must be 0 or more minutes.", key=minutes)
    domain.carry_over = file.flag_at(found, carries, default=True)
