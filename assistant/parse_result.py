"""A turn as JSON, in the keys of Rasa's parse result."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .messages import Entity, Intent, Reply, Turn

RANKING_LENGTH = 10


def parse_result(turn: Turn) -> dict[str, Any]:
    """Return what was understood of a message.

    Rasa's keys are ``text``, ``intent``, ``entities``, ``intent_ranking`` and
    ``response_selector``; ``language``, ``pivot`` and ``sentiment`` are ours.
    """
    result: dict[str, Any] = {
        "text": turn.text,
        "intent": _intent(turn.intent),
        "entities": [_entity(each) for each in turn.entities],
        "intent_ranking": [_intent(each) for each in turn.intents[:RANKING_LENGTH]],
        "response_selector": {
            "all_retrieval_intents": sorted(turn.retrieval),
            **{name: _ranking(keys) for name, keys in turn.retrieval.items()},
        },
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


def _entity(entity: Entity) -> dict[str, Any]:
    found = {key: value for key, value in asdict(entity).items() if value is not None}
    if "confidence" in found:
        found["confidence_entity"] = round(found.pop("confidence"), 6)
    return found


def _ranking(keys: tuple[Intent, ...]) -> dict[str, Any]:
    ranked = [
        {"intent_response_key": key.name, "confidence": round(key.confidence, 6)} for key in keys
    ]
    best = ranked[0] if ranked else {}
    return {
        "response": {**best, "utter_action": f"utter_{best.get('intent_response_key')}"},
        "ranking": ranked[:RANKING_LENGTH],
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply's fields that are set; always ``text``, ``source`` and ``language``."""
    found: dict[str, Any] = {
        "text": reply.text,
        "language": reply.language,
        "source": reply.source,
        "name": reply.name,
    }
    if reply.buttons:
        found["buttons"] = [asdict(button) for button in reply.buttons]
    for key in ("image", "attachment", "custom"):
        value = getattr(reply, key)
        if value is not None:
            found[key] = value
    return found
