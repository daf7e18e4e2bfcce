"""Undo the tokenisation of old corpora: ``don 't worry , sir`` to ``don't worry, sir``."""

from __future__ import annotations

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"[’‘`´]", "'"),
        (r"[“”]|''|``", '"'),
        (r"(\w) ?' ?(s|m|re|ve|ll|d|t)\b", r"\1'\2"),
        (
            r"\b(ca|w?o|do(?:es)?|did|is|are|was|were|[wc]ould|should|ha[vsd]e?|ai|must) n't\b",
            r"\1n't",
        ),
        (r" +([.,!?;:%)\]}]+)", r"\1"),
        (r"([(\[{$£]) +", r"\1"),
        (r" - ", "-"),
        (r'" ([^"]*) "', r'"\1"'),
        (r"。", "."),
        (r"(?<=[a-z])([,;!?])(?=[A-Za-z])", r"\1 "),
        (r"(?<=[a-z])\.(?=[A-Z])", ". "),
        (r"\b([Gg]on|[Ww]an) na\b", r"\1na"),
        (r"\b([Gg]ot) ta\b", r"\1ta"),
        (r"\bcan not\b", "cannot"),
        (r"\s+", " "),
    )
)


def detokenise(text: str) -> str:
    """Return ``text`` as a person would type it; already natural text comes back unchanged."""
    for pattern, new in _RULES:
        text = pattern.sub(new, text)
    return text.strip()


def capitalise(text: str, names: frozenset[str] = frozenset()) -> str:
    """Restore capitals of lowercased English: sentence starts, the pronoun, and known names.

    Args:
        text: One lowercased utterance, already detokenised.
        names: Lowercase words that are nearly always written with a capital.
    """
    text = re.sub(r"\bi\b(?=$|[ ',.!?;:])", "I", text)
    if names:
        text = re.sub(r"[a-z]+", lambda m: m[0].capitalize() if m[0] in names else m[0], text)
    return re.sub(r"(^[^a-zA-Z]*|[.!?] +)([a-z])", lambda m: m[1] + m[2].upper(), text)
