"""Messages that name their intent: ``/intent``, ``/intent{"entity": "value"}``, ``/intent@0.8``.

They bypass the model, as in Rasa: buttons send them, and tests use them. The intent must be one
of the bot's; text that only looks like such a message is read as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from assistant.messages import Entity, Intent, Turn

_MESSAGE = re.compile(
    r"/(?P<name>[^\s{@/]+)(?P<key>/[^\s{@]+)?(?:@(?P<confidence>[0-9.]+))?\s*(?P<entities>\{.*\})?",
    re.DOTALL,
)


def read_literal(turn: Turn, intents: Collection[str]) -> Turn | None:
    """Return the turn as its text says, or ``None`` when its text is no literal message.

    Args:
        turn: A message.
        intents: The names that may be used; ``/faq/warranty`` asks for ``faq``.
    """
    found = _MESSAGE.fullmatch(turn.text.strip())
    if found is None or found["name"] not in intents:
        return None
    confidence = _confidence(found["confidence"])
    entities = _entities(found["entities"])
    if confidence is None or entities is None:
        return None
    start = turn.text.find("{")
    name, key = str(found["name"]), found["key"]
    retrieval: dict[str, tuple[Intent, ...]] = {}
    if key:
        retrieval[name] = (Intent(name=name + key, confidence=confidence),)
    return replace(
        turn,
        intents=(Intent(name=name, confidence=confidence),),
        entities=tuple(
            Entity(
                entity=entity, value=value, start=start, end=len(turn.text.rstrip()),
                extractor="RegexMessageHandler",
            )
            for entity, value in entities
        ),
        retrieval=retrieval,
        literal=True,
    )  # fmt: skip


def _confidence(text: str | None) -> float | None:
    if text is None:
        return 1.0
    try:
        confidence = float(text)
    except ValueError:
        return None
    return confidence if 0.0 <= confidence <= 1.0 else None


def _entities(text: str | None) -> list[tuple[str, Any]] | None:
    """Read the JSON object; a list gives one entity for each of its items."""
    if text is None:
        return []
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return [
        (str(entity), item)
        for entity, value in found.items()
        for item in (value if isinstance(value, list) else [value])
    ]
