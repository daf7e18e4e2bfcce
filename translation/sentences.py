"""Cut a line into sentences of a length that the model was trained on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .protected import Span

# Emoji and smileys are never shown to the model: they end a sentence and are copied.
VERBATIM = re.compile(
    "(?:[\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f]+[ ]*)+"
    r"|(?<!\S)(?:[:;=]-?[)(DPp]|\^_\^|T_T)(?!\S)"
)
_END = re.compile(
    r"[。！？]+[”’」』）)\"']*"  # always ends a sentence
    r"|[!?]+[\"'”’)]*(?=\s|$|[\u4e00-\u9fff])"
    r"|(?<!\.)\.[\"'”’)]*(?=\s+[\"'“A-Z0-9\u4e00-\u9fff]|\s*$)"
    r"|(?:\.{3,}|…+)[\"'”’)]*(?=\s+[A-Z]|$)"
)
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|approx|[A-Z]))$")
_CLAUSE = re.compile(r"[，,；;、：:](?:\s+|(?<=[，；、：]))")


def sentence_bounds(text: str, spans: Sequence[Span], *, longest: int) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence; together they cover ``text``.

    Args:
        text: One line without line breaks.
        spans: Protected spans, which are never cut.
        longest: Characters after which a sentence is cut at a comma, a space, or anywhere.
    """
    ends: list[int] = []
    for match in _END.finditer(text):
        is_short = match[0].startswith(".") and _ABBREVIATION.search(text[: match.start()])
        if not is_short and not _inside(match.start(), spans) and not _inside(match.end(), spans):
            ends.append(match.end())
    for match in VERBATIM.finditer(text):
        ends += [end for end in match.span() if not _inside(end, spans)]
    bounds: list[tuple[int, int]] = []
    last = 0
    for end in [*sorted(set(ends) - {0, len(text)}), len(text)]:
        bounds += _short_enough(text, last, end, spans, longest)
        last = end
    return bounds


def _short_enough(
    text: str, start: int, end: int, spans: Sequence[Span], longest: int
) -> list[tuple[int, int]]:
    bounds = []
    while end - start > longest:
        window = text[start : start + longest]
        cuts = [start + match.end() for match in _CLAUSE.finditer(window)]
        cuts = [cut for cut in cuts if not _inside(cut, spans) and cut - start > longest // 4]
        if not cuts:
            cuts = [start + match.end() for match in re.finditer(r"\s+", window)]
            cuts = [cut for cut in cuts if not _inside(cut, spans) and cut - start > longest // 4]
        cut = cuts[-1] if cuts else start + longest
        for span in spans:
            if span.start < cut < span.end:
                cut = span.start if span.start > start else span.end
        bounds.append((start, cut))
        start = cut
    if start < end:
        bounds.append((start, end))
    return bounds


def _inside(place: int, spans: Sequence[Span]) -> bool:
    return any(span.start < place < span.end for span in spans)
