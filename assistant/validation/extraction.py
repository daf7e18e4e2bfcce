"""Which entities a bot can find at all, as far as its files tell."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.bot import Bot

_LITERAL = re.compile(r"^/(?P<intent>[^\s{@]+)(?:@[\d.]+)?\s*(?P<entities>\{.*\})?\s*$", re.S)
_READY = ("DucklingEntityExtractor", "DucklingHTTPExtractor", "SpacyEntityExtractor")
_OURS = ("Tokenizer", "Featurizer", "Classifier", "Selector", "Mapper", "Extractor", "NLP")


def payloads(bot: Bot) -> list[tuple[str, str]]:
    """Every button's payload, with the name of its response."""
    return [
        (name, button.payload)
        for name, variations in bot.domain.responses.items()
        for variation in variations
        for button in variation.choices
    ]


def literal(payload: str) -> tuple[str, dict[str, object] | None] | None:
    """Read ``/intent{"entity": "value"}``; entities are ``None`` where they are no JSON object."""
    if "{{" in payload:  # braces that the filling in of slots leaves alone
        payload = payload.replace("{{", "{").replace("}}", "}")
    match = _LITERAL.match(payload)
    if match is None:
        return None
    if match["entities"] is None:
        return match["intent"], {}
    try:
        entities = json.loads(match["entities"])
    except json.JSONDecodeError:
        return match["intent"], None
    return match["intent"], entities if isinstance(entities, dict) else None


def finds_anything(bot: Bot) -> bool:
    """Whether a component is configured of which the files do not tell what it finds."""
    for entry in bot.config.pipeline or []:
        name = str(entry.get("name", ""))
        last = name.rsplit(".", 1)[-1]
        if last in _READY or not last.endswith(_OURS):
            return True
    return False


def found_entities(bot: Bot) -> set[tuple[str, str | None]]:
    """(entity, role) of what examples mark, lookups and regexes name, and buttons give."""
    marked: set[tuple[str, str | None]] = set()
    for example in bot.data.examples:
        for span in example.entities:
            marked |= {(span.entity, span.role), (span.entity, None)}
    marked |= {(name, None) for name in (*bot.data.lookups, *bot.data.regexes)}
    for _, payload in payloads(bot):
        _, entities = literal(payload) or ("", {})
        marked |= {(name, None) for name in entities or {}}
    return marked
