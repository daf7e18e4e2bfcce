"""Messages that name their intent: ``/intent``, ``/intent{"entity": "value"}``, ``/intent@0.8``.

They bypass the model, as in Rasa: buttons send them, and tests use them. The intent must be one
of the bot's; text that only looks like such a message is read as text, and the log says why, as
Rasa warns of it.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from assistant.errors import nearest
from assistant.messages import Entity, Intent, Turn

log = logging.getLogger(__name__)
_MESSAGE = re.compile(
    r"/(?P<name>[^\s{@/]+)(?P<key>/[^\s{@]+)?(?:@(?P<confidence>[0-9.]+))?\s*(?P<entities>\{.*\})?",
    re.DOTALL,
)
_NAME = re.compile(r"/(?P<name>[A-Za-z_]\w{0,59})")


def read_literal(turn: Turn, intents: Collection[str]) -> Turn | None:
    """Return the turn as its text says, or ``None`` when its text is no literal message.

    Args:
        turn: A message.
        intents: The names that may be used; ``/faq/warranty`` asks for ``faq``.
    """
    text = turn.text.strip()
    if not text.startswith("/"):
        return None
    found = _MESSAGE.fullmatch(text)
    confidence = _confidence(found["confidence"]) if found else None
    entities = _entities(found["entities"]) if found else None
    if found is None or found["name"] not in intents or confidence is None or entities is None:
        _warn(text, intents)
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


def _warn(text: str, intents: Collection[str]) -> None:
    """Say why a message that begins as a literal one is read as text; what it holds is private."""
    found = _NAME.match(text)
    if found is None:
        return
    name = found["name"]
    if name in intents:
        form = f'/{name}, /{name}@0.9 or /{name}{{"entity": "value"}}'
        log.warning("a message begins with /%s but is not of the form %s: read as text", name, form)
    else:
        hint = nearest(name, sorted(intents))
        log.warning("a message begins with /%s, which is no intent: read as text. %s", name, hint)


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
