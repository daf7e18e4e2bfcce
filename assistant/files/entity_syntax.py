"""Rasa's three ways to mark an entity inside an example sentence.

``[Lyon](city)``, ``[the big apple](city:New York)``, ``[Oslo]{"entity": "city", "role": "from"}``
and ``[tea][{...}, {...}]`` with several entities on one span.
"""

from __future__ import annotations

import json
import re
from difflib import get_close_matches

from assistant.errors import nearest
from assistant.training_data import EntitySpan

_KEYS = ("entity", "value", "role", "group")
_MARK = re.compile(
    r"\[(?P<surface>[^\[\]]+)\]"
    r"(?:\((?P<name>[^():\s][^():]*?)(?::(?P<value>[^)]+))?\)"
    r"|(?P<object>\{[^{}]*\})"
    r"|\[(?P<list>\s*\{[^\[\]]*\}\s*)\])"
)
_BEGUN = re.compile(r"\[.*?\](?:\(|\{|\[\s*\{)")
"""What looks like a mark; brackets with nothing behind them are text like any other."""


class EntitySyntaxError(ValueError):
    """A mark that cannot be read; the message says what is wrong with it."""


def parse_marked(marked: str) -> tuple[str, tuple[EntitySpan, ...]]:
    """Split a marked sentence into its plain text and its entities.

    Raises:
        EntitySyntaxError: A mark is not closed; its JSON is damaged or names no entity.
    """
    text = ""
    spans: list[EntitySpan] = []
    last = 0
    for match in _MARK.finditer(marked):
        text += _plain(marked[last : match.start()])
        start = len(text)
        text += match["surface"]
        spans += _spans(match, start, len(text))
        last = match.end()
    return text + _plain(marked[last:]), tuple(spans)


def _plain(text: str) -> str:
    begun = _BEGUN.search(text)
    if begun is None:
        return text
    shown = text[begun.start() : begun.end() + 20]
    raise EntitySyntaxError(
        f"the mark {shown!r} is not complete. Write it like [Oslo](city) or "
        '[Oslo]{"entity": "city"}'
    )


def _spans(match: re.Match[str], start: int, end: int) -> list[EntitySpan]:
    surface = match["surface"]
    if match["name"] is not None:
        value = match["value"] if match["value"] is not None else surface
        return [EntitySpan(start=start, end=end, entity=match["name"], value=value)]
    raw = match["object"] if match["object"] is not None else f"[{match['list']}]"
    try:
        found = json.loads(raw)
    except json.JSONDecodeError as error:
        raise EntitySyntaxError(f"the mark {match[0]!r} is not JSON: {error.msg}") from error
    items = found if isinstance(found, list) else [found]
    return [_span(item, surface, start, end, match[0]) for item in items]


def _span(item: object, surface: str, start: int, end: int, mark: str) -> EntitySpan:
    if not isinstance(item, dict) or "entity" not in item:
        raise EntitySyntaxError(f'the mark {mark!r} needs a key "entity"')
    for key in set(item) - set(_KEYS):
        if get_close_matches(str(key), _KEYS, n=1):  # Rasa lets any other key pass
            raise EntitySyntaxError(f"the mark {mark!r} has no key {key!r}. {nearest(key, _KEYS)}")
    return EntitySpan(
        start=start,
        end=end,
        entity=str(item["entity"]),
        value=str(item.get("value", surface)),
        role=_text(item.get("role")),
        group=_text(item.get("group")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
