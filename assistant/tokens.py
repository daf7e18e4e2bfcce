"""Where the words of a text stand, as Rasa counts entities by them."""

from __future__ import annotations

import re

_HAN_AND_KANA = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_FULL_WIDTH_MARKS = "\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_TOKEN = re.compile(rf"[{_HAN_AND_KANA}]|[^\s{_HAN_AND_KANA}{_FULL_WIDTH_MARKS}]+")
_EDGE_MARKS = ".,!?;:\"'()[]{}«»“”‘’…"


def token_places(text: str) -> list[tuple[int, int]]:
    """Split at white space and around Han and kana, without marks at the edges of words."""
    places = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        start = match.start() + len(word) - len(word.lstrip(_EDGE_MARKS))
        end = match.end() - (len(word) - len(word.rstrip(_EDGE_MARKS)))
        if start < end:
            places.append((start, end))
    return places
