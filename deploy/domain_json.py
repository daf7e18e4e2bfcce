"""A domain in the JSON that Rasa sends to action servers (rasa_sdk reads slots and forms)."""

from __future__ import annotations

from typing import Any

from assistant.domain import ButtonText, Domain, Entity, IntentRule, Mapping, Slot, Variation


def domain_json(domain: Domain) -> dict[str, Any]:
    """Return a domain under the keys of ``domain.yml``."""
    return {
        "version": "3.1",
        "config": {"store_entities_as_slots": domain.store_entities},
        "session_config": {
            "session_expiration_time": domain.session_minutes,
            "carry_over_slots_to_new_session": domain.carry_over,
        },
        "intents": [_intent(name, rule) for name, rule in domain.intents.items()],
        "entities": [_entity(name, entity) for name, entity in domain.entities.items()],
        "slots": {name: _slot(slot) for name, slot in domain.slots.items()},
        "responses": {
            name: [_variation(each) for each in variations]
            for name, variations in domain.responses.items()
        },
        "actions": [
            {name: {"send_domain": True}} if wants else name
            for name, wants in domain.actions.items()
        ],
        "forms": {
            name: {
                "required_slots": list(form.required),
                "ignored_intents": list(form.ignored_intents),
            }
            for name, form in domain.forms.items()
        },
        "e2e_actions": list(domain.e2e_actions),
    }


def _intent(name: str, rule: IntentRule) -> Any:  # noqa: ANN401
    """A name, or a name with the entities that count for it."""
    settings: dict[str, Any] = {}
    if rule.used is not None:
        settings["use_entities"] = list(rule.used)
    if rule.ignored:
        settings["ignore_entities"] = list(rule.ignored)
    return {name: settings} if settings else name


def _entity(name: str, entity: Entity) -> Any:  # noqa: ANN401
    """A name, or a name with its roles and groups."""
    settings = {"roles": list(entity.roles), "groups": list(entity.groups)}
    found: dict[str, Any] = {key: names for key, names in settings.items() if names}
    if not entity.influences:
        found["influence_conversation"] = False
    return {name: found} if found else name


def _slot(slot: Slot) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": slot.type,
        "initial_value": slot.initial,
        "influence_conversation": slot.influences,
        "mappings": [_mapping(each) for each in slot.mappings],
    }
    if slot.values:
        found["values"] = list(slot.values)
    if slot.type == "float":
        found |= {"min_value": slot.low, "max_value": slot.high}
    return found | slot.extra


def _mapping(mapping: Mapping) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": mapping.type,
        "entity": mapping.entity,
        "role": mapping.role,
        "group": mapping.group,
        "intent": list(mapping.intents),
        "not_intent": list(mapping.not_intents),
        "value": mapping.value,
        "action": mapping.action,
        "conditions": [
            {"active_loop": each.active_loop, "requested_slot": each.requested_slot}
            for each in mapping.conditions
        ],
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _variation(variation: Variation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "text": variation.text,
        "buttons": [_button(each) for each in variation.buttons],
        "button_type": variation.button_type,
        "quick_replies": [_button(each) for each in variation.quick_replies],
        "image": variation.image,
        "attachment": variation.attachment,
        "elements": list(variation.elements),
        "custom": variation.custom,
        "channel": variation.channel,
        "condition": [
            {"type": "slot", "name": name, "value": value} for name, value in variation.slots
        ],
        "metadata": variation.metadata,
        "id": variation.id,
    }
    return {key: value for key, value in found.items() if value}


def _button(button: ButtonText) -> dict[str, Any]:
    return {"title": button.title, "payload": button.payload, **button.extra}
