"""What the model sees instead of a protected span, and how the span comes back.

A small model copies no codes, but it has learned places and first names in both languages early
and well. So an order number travels as Boston, and comes back as itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .protected import Span, is_latin, joined

_PLACES = (
    ("Boston", "波士顿"), ("Australia", "澳大利亚"), ("Japan", "日本"), ("Germany", "德国"),
    ("France", "法国"), ("London", "伦敦"), ("Paris", "巴黎"), ("Canada", "加拿大"),
)  # fmt: skip
_NAMES = (("Tom", "汤姆"), ("Mary", "玛丽"), ("John", "约翰"), ("Jack", "杰克"), ("Mike", "迈克"))
_NUMBERS = tuple((str(n), str(n)) for n in (37, 58, 46, 83, 64, 79, 53, 68, 94, 87, 43, 76, 92))
# (short numbers stand for themselves, what stands for other spans), in the order of trying
_ATTEMPTS = ((True, _PLACES), (True, _NAMES), (False, _NAMES + _PLACES), (False, _NUMBERS))
ATTEMPTS = len(_ATTEMPTS)
# A short number may come back as a word.
_DIGITS = {
    "2": ("two", "二两"), "3": ("three", "三"), "4": ("four", "四"), "5": ("five", "五"),
    "6": ("six", "六"), "7": ("seven", "七"), "8": ("eight", "八"), "9": ("nine", "九"),
    "10": ("ten", "十"),
}  # fmt: skip
_UNIT = re.compile(
    r"\s?(?:元|块|美元|美金|岁|%|percent|dollars?|bucks|yuan|cents|years old)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguised:
    """A sentence as the model sees it.

    Attributes:
        text: With a stand-in for each span.
        expected: What each stand-in is called in the target language, in the order of the spans.
    """

    text: str
    expected: tuple[str, ...]


def disguised(
    text: str, spans: Sequence[Span], *, source: str, target: str, attempt: int
) -> Disguised | None:
    """Write a stand-in for each span.

    Args:
        text: The sentence.
        spans: Its spans, offsets into ``text``.
        source: Language of ``text``.
        target: Language that it is translated into.
        attempt: 0 to ``ATTEMPTS - 1``; each one takes other stand-ins.

    Returns:
        The sentence for the model; ``None`` when there are more spans than stand-ins.
    """
    numbers_stay, kind = _ATTEMPTS[attempt]
    free = [
        (_in(source, pair), _in(target, pair))
        for pair in kind
        if not any(name.lower() in text.lower() for name in pair)
    ]
    shown: list[str] = []
    expected: list[str] = []
    for span in spans:
        itself = text[span.start : span.end]
        if numbers_stay and span.is_number and itself not in expected:
            mark = itself, itself
        elif free:
            mark = free.pop(0)
        else:
            return None
        shown.append(mark[0])
        expected.append(mark[1])
    return Disguised(text="".join(_exchanged(text, spans, shown)), expected=tuple(expected))


def _in(language: str, pair: tuple[str, str]) -> str:
    return pair[1] if language == "zh" else pair[0]


def _exchanged(text: str, spans: Sequence[Span], shown: Sequence[str]) -> Iterator[str]:
    """Yield the sentence in parts; letters and digits never touch a Latin stand-in."""
    last, before = 0, ""
    for span, mark in zip(spans, shown, strict=True):
        gap = text[last : span.start]
        yield " " if before and gap[:1] and is_latin(gap[0]) and is_latin(before[-1]) else ""
        yield gap
        left = gap[-1:] or before[-1:]
        yield " " if left and (is_latin(left) or left in ",.") and is_latin(mark[0]) else ""
        yield mark
        last, before = span.end, mark
    rest = text[last:]
    yield " " if before and rest[:1] and is_latin(rest[0]) and is_latin(before[-1]) else ""
    yield rest


def revealed(
    translation: str, spans: Sequence[Span], expected: Sequence[str], target: str
) -> str | None:
    """Put the spans back.

    Args:
        translation: What the model wrote, its punctuation already put right.
        spans: In the order of the source.
        expected: The stand-in of each.
        target: Language of ``translation``.

    Returns:
        The sentence; ``None`` when a stand-in is missing, doubled or was given a unit.
    """
    places: list[tuple[int, int, Span]] = []
    for span, mark in zip(spans, expected, strict=True):
        stays = span.is_number and mark == span.rendering
        found = list(re.finditer(_pattern(mark), translation, re.IGNORECASE))
        if not found or (len(found) > 1 and not stays):
            return None
        start, end = found[0].span()
        if not span.is_number and (
            _UNIT.match(translation[end:]) or translation[:start].rstrip()[-1:] in set("$€£¥￥")
        ):
            return None
        places.append((start, end, span))
    parts: list[str | Span] = []
    last = 0
    for start, end, span in sorted(places, key=lambda place: place[0]):
        parts += [translation[last:start], span]
        last = end
    return joined([*parts, translation[last:]], target)


def _pattern(mark: str) -> str:
    """Match a stand-in as a word of its own; Chinese has no such borders."""
    if not is_latin(mark[0]):
        return re.escape(mark)
    whole = rf"(?<![\dA-Za-z.,]){re.escape(mark)}(?![\dA-Za-z]|[.,]\d)"
    if mark not in _DIGITS:
        return whole
    english, han = _DIGITS[mark]
    alone = "[一二两三四五六七八九十百千万]"
    return rf"{whole}|\b{english}\b|(?<!{alone})[{han}](?!{alone})"
