"""BIO tags and the entities they stand for (Ramshaw and Marcus 1995; also BILOU and BIOES)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.training_data import EntitySpan

_TAG = re.compile(r"^(?:O|(?P<place>[BILUES])-(?P<entity>\S+))$")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:[-'’.@_][^\W_{_HAN}]+)*|\S")
_WORD = re.compile(rf"[{_HAN}]|[^\s{_HAN}]+")
_WIDE = re.compile(rf"[{_HAN}]")


class TagError(ValueError):
    """A tag that is none; ``index`` is its place in the sentence."""

    def __init__(self, index: int, tag: str) -> None:
        super().__init__(f"{tag!r} is no tag. Tags are O, B-name and I-name.")
        self.index = index


def joined(tokens: Sequence[str]) -> str:
    """Put tokens together: a blank between words, none between Chinese characters."""
    text = ""
    for token in tokens:
        if text and not (_WIDE.match(text[-1]) and _WIDE.match(token)):
            text += " "
        text += token
    return text


def places(text: str, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Find each token in the text.

    Raises:
        ValueError: A token is not in the text, or not in this order.
    """
    found, last = [], 0
    for token in tokens:
        start = text.index(token, last)
        last = start + len(token)
        found.append((start, last))
    return found


def spans_of(text: str, tokens: Sequence[str], tags: Sequence[str]) -> list[EntitySpan]:
    """Return the entities of a tagged sentence; a lone I- begins one, as CoNLL's counter has it.

    Raises:
        TagError: A tag is none.
        ValueError: A token is not in the text.
    """
    found: list[tuple[str, int, int]] = []
    goes_on = ""
    for i, ((start, end), tag) in enumerate(zip(places(text, tokens), tags, strict=True)):
        match = _TAG.match(tag)
        if match is None:
            raise TagError(i, tag)
        entity, place = match["entity"], match["place"]
        if entity is not None and place in "ILE" and goes_on == entity:
            found[-1] = (entity, found[-1][1], end)
        elif entity is not None:
            found.append((entity, start, end))
        goes_on = entity if entity is not None and place in "BI" else ""
    return [
        EntitySpan(start=start, end=end, entity=entity, value=text[start:end])
        for entity, start, end in found
    ]


def tagged(
    text: str, spans: Sequence[EntitySpan], *, punctuation: bool = True
) -> list[tuple[str, str]]:
    """Split a text into tokens with BIO tags; tokens also end where an entity does.

    Args:
        text: Of the example.
        spans: Its entities; of several at one place the first counts.
        punctuation: Whether it makes tokens of its own, or stays at its word.
    """
    cuts = sorted({0, len(text), *(p for span in spans for p in (span.start, span.end))})
    token = _TOKEN if punctuation else _WORD
    rows = []
    for begin, stop in pairwise(cuts):
        inside = next((s for s in spans if s.start <= begin and stop <= s.end), None)
        for match in token.finditer(text, begin, stop):
            tag = "O"
            if inside is not None:
                first = not text[inside.start : match.start()].strip()
                tag = f"{'B' if first else 'I'}-{inside.entity}"
            rows.append((match[0], tag))
    return rows
