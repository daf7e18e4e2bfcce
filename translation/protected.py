"""Spans that survive translation unchanged, whatever the model does.

The model is shown a stand-in for each span (`stand_ins`); its sentence is accepted only when it
carries every stand-in exactly once. Where all attempts fail, the sentence is translated without
its spans and they follow it in brackets. So the spans do not depend on the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .amounts import AMOUNT, say_amount

_LINK = (
    r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*[A-Za-z0-9/_=\-&#]"
    r"|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|io|co|shop|store|app|info)"
    r"(?![A-Za-z0-9.])(?:/[A-Za-z0-9\-._~/?#@&=%+]*[A-Za-z0-9/])?"
)
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_TIME = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
)
_PHONE = r"\+?\d(?:[ -]?\d){6,}"
_PERCENT = r"\d+(?:\.\d+)?[%％]"
_CODE = (
    r"[#@]?(?![0-9]+(?:st|nd|rd|th|am|pm|s)(?![A-Za-z0-9]))"
    r"(?=[A-Za-z_/-]*[0-9])[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*"
)
_NUMBER = r"\d+(?:[,.]\d+)*"
_PATTERN = re.compile(
    rf"(?P<link>{_LINK})|(?P<mail>{_MAIL})|(?<![A-Za-z0-9])(?:(?P<amount>{AMOUNT})"
    rf"|(?P<time>{_TIME})(?![A-Za-z0-9])|(?P<percent>{_PERCENT})|(?P<phone>{_PHONE})(?![A-Za-z0-9])"
    rf"|(?P<number>{_NUMBER})(?![A-Za-z0-9#@/_-])|(?P<code>{_CODE}))",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A protected piece of a sentence: ``text[start:end]``.

    Attributes:
        rendering: How it is written in the target language; mostly as in the source.
        is_address: Whether it is a link or an e-mail, which needs space around it.
        is_number: Whether it is a short plain number, which may stand for itself.
    """

    start: int
    end: int
    rendering: str
    is_address: bool = False
    is_number: bool = False


def find_spans(text: str, *, target: str, keep: Sequence[str] = ()) -> list[Span]:
    """Find what must survive: the ``keep`` values first, then links, codes, amounts and so on.

    What overlaps becomes one span. The number 1 and those of months are left to the model, for
    other languages say ``a`` and ``May``.

    Returns:
        Spans in order, none touching another's characters.
    """
    found = [*_kept(text, keep), *_patterned(text, target)]
    spans: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if spans and span.start < spans[-1].end:
            spans[-1] = _merged(text, spans[-1], span)
        else:
            spans.append(span)
    return spans


def _kept(text: str, keep: Sequence[str]) -> Iterator[Span]:
    for value in {value.strip() for value in keep} - {""}:
        # A value ends where its word ends; between Han characters no such border is written.
        left = r"(?<![A-Za-z0-9])" if is_latin(value[0]) else ""
        right = r"(?![A-Za-z0-9])" if is_latin(value[-1]) else ""
        for match in re.finditer(f"{left}{re.escape(value)}{right}", text):
            yield Span(*match.span(), value, is_address="@" in value or "://" in value)


def _patterned(text: str, target: str) -> Iterator[Span]:
    for match in _PATTERN.finditer(text):
        kind, found = match.lastgroup, match[0]
        if kind == "number" and (found == "1" or text[match.end() :].startswith("月")):
            continue
        yield Span(
            *match.span(),
            say_amount(found, target) if kind == "amount" else found,
            is_address=kind in {"link", "mail"},
            is_number=kind == "number" and found.isdigit() and len(found) <= 4,
        )


def _merged(text: str, first: Span, second: Span) -> Span:
    """One span over two that overlap; an amount keeps its form if that shows both."""
    end = max(first.end, second.end)
    inner = text[second.start : second.end]
    shows_both = end == first.end and inner in first.rendering
    rendering = first.rendering if shows_both else text[first.start : end]
    return Span(first.start, end, rendering, first.is_address or second.is_address)


def is_latin(char: str) -> bool:
    """Whether a character is an ASCII letter or digit."""
    return char.isascii() and char.isalnum()


def joined(parts: Sequence[str | Span], target: str) -> str:
    """Join texts and spans with the spacing of the target language.

    Chinese is written without spaces, but a link or an e-mail is set apart from Han characters,
    or a click would take them along; letters and digits never run into each other.
    """
    result = ""
    before: str | Span = ""
    for part in parts:
        text = part.rendering if isinstance(part, Span) else part
        if not text:
            continue
        result += _gap(result, text, before, part, target) + text
        before = part
    return result


def _gap(left: str, right: str, before: str | Span, after: str | Span, target: str) -> str:
    if not left or left[-1].isspace() or right[0].isspace():
        return ""
    if not _is_word(left[-1]) or not _is_word(right[0]):
        return ""
    if any(isinstance(each, Span) and each.is_address for each in (before, after)):
        return " "
    latin = left[-1].isascii() and right[0].isascii()
    return (
        " "
        if latin or (target != "zh" and isinstance(before, Span) != isinstance(after, Span))
        else ""
    )


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "$€£¥￥#@%/"
