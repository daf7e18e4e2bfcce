"""A turn as JSON, in the keys of Rasa's parse result."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .messages import Button, Entity, Intent, Reply, Turn
from .response_selection import RANKING_LENGTH, ResponseSelection
from .tokens import token_places

_ANY = ResponseSelection()


def parse_result(turn: Turn, selection: ResponseSelection = _ANY) -> dict[str, Any]:
    """Return what was understood of a message.

    Rasa's keys are ``text``, ``intent``, ``entities``, ``intent_ranking``, ``text_tokens`` and
    ``response_selector``; ``language``, ``pivot`` and ``sentiment`` are ours.

    Args:
        turn: The message, understood.
        selection: The bot's selectors and responses; without it no wordings are given.
    """
    result: dict[str, Any] = {
        "text": turn.text,
        "intent": _intent(turn.intent),
        "entities": [_entity(each, turn.text) for each in turn.entities],
        "intent_ranking": [_intent(each) for each in turn.intents[:RANKING_LENGTH]],
        "text_tokens": [list(place) for place in token_places(turn.text)],
        "response_selector": selection.block(turn),
        "language": turn.language,
        "sentiment": asdict(turn.sentiment) if turn.sentiment else None,
    }
    if turn.pivot is not None:
        result["pivot"] = turn.pivot
    full = full_intent(turn)
    if full:
        result["intent"]["full"] = full
    return result


def full_intent(turn: Turn) -> str | None:
    """``"faq/warranty"`` where the best intent is a retrieval intent."""
    keys = turn.retrieval.get(turn.intent.name) if turn.intent else None
    return keys[0].name if keys else None


def _intent(intent: Intent | None) -> dict[str, Any]:
    if intent is None:
        return {"name": None, "confidence": 0.0}
    return {"name": intent.name, "confidence": round(intent.confidence, 6)}


def _entity(entity: Entity, text: str) -> dict[str, Any]:
    """Return Rasa's keys; a value of Duckling has its own text and a plain confidence."""
    found: dict[str, Any] = {
        "entity": entity.entity,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
        "role": entity.role,
        "group": entity.group,
        "confidence_entity": entity.confidence,
        "confidence_role": entity.confidence_role,
        "confidence_group": entity.confidence_group,
        "extractor": entity.extractor or None,
        "processors": list(entity.processors) or None,
    }
    if entity.additional_info is not None:
        found |= {
            "text": text[entity.start : entity.end],
            "additional_info": entity.additional_info,
            "confidence": found.pop("confidence_entity"),
        }
    return {
        key: round(value, 6) if key.startswith("confidence") else value
        for key, value in found.items()
        if value is not None
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply's fields that are set; always ``text``, ``source`` and ``language``."""
    found: dict[str, Any] = {
        "text": reply.text,
        "language": reply.language,
        "source": reply.source,
        "name": reply.name,
    }
    for key, choices in (("buttons", reply.buttons), ("quick_replies", reply.quick_replies)):
        if choices:
            found[key] = [_choice(button) for button in choices]
    if reply.elements:
        found["elements"] = list(reply.elements)
    for key in ("button_type", "image", "attachment", "custom", "metadata"):
        value = getattr(reply, key)
        if value is not None:
            found[key] = value
    return found


def _choice(button: Button) -> dict[str, Any]:
    return {"title": button.title, "payload": button.payload, **button.extra}
