"""A domain in the JSON that Rasa sends to action servers (rasa_sdk reads slots and forms)."""

from __future__ import annotations

from typing import Any

from assistant.domain import Domain, Mapping, Slot, Variation


def domain_json(domain: Domain) -> dict[str, Any]:
    """Return a domain under the keys of ``domain.yml``."""
    return {
        "version": "3.1",
        "config": {"store_entities_as_slots": True},
        "session_config": {
            "session_expiration_time": domain.session_minutes,
            "carry_over_slots_to_new_session": domain.carry_over,
        },
        "intents": list(domain.intents),
        "entities": list(domain.entities),
        "slots": {name: _slot(slot) for name, slot in domain.slots.items()},
        "responses": {
            name: [_variation(each) for each in variations]
            for name, variations in domain.responses.items()
        },
        "actions": list(domain.actions),
        "forms": {
            name: {
                "required_slots": list(form.required),
                "ignored_intents": list(form.ignored_intents),
            }
            for name, form in domain.forms.items()
        },
        "e2e_actions": [],
    }


def _slot(slot: Slot) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": slot.type,
        "initial_value": slot.initial,
        "influence_conversation": slot.influences,
        "mappings": [_mapping(each) for each in slot.mappings],
    }
    if slot.values:
        found["values"] = list(slot.values)
    return found


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
        "buttons": [{"title": b.title, "payload": b.payload} for b in variation.buttons],
        "image": variation.image,
        "attachment": variation.attachment,
        "custom": variation.custom,
        "channel": variation.channel,
    }
    return {key: value for key, value in found.items() if value}
