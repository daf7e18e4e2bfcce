"""Which scripts a text is written in, and how much of a sentence each one carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# Languages by script. Everything else that is written with letters is taken for Latin.
SCRIPT_OF: Mapping[str, str] = MappingProxyType(
    {
        "zh": "han", "ja": "kana", "ko": "hangul", "th": "thai", "el": "greek", "he": "hebrew",
        "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic", "mk": "cyrillic",
        "ar": "arabic", "fa": "arabic", "ur": "arabic",
        "hi": "devanagari", "mr": "devanagari", "ne": "devanagari",
        "bn": "bengali", "gu": "gujarati", "pa": "gurmukhi", "kn": "kannada", "te": "telugu",
        "ta": "tamil", "ml": "malayalam",
    }
)  # fmt: skip

_RANGES = {
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\U00020000-\U0003134f",
    "kana": "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "thai": "\u0e00-\u0e7f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "hebrew": "\u0590-\u05ff",
    "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f",
    "devanagari": "\u0900-\u097f",
    "bengali": "\u0980-\u09ff",
    "gurmukhi": "\u0a00-\u0a7f",
    "gujarati": "\u0a80-\u0aff",
    "tamil": "\u0b80-\u0bff",
    "telugu": "\u0c00-\u0c7f",
    "kannada": "\u0c80-\u0cff",
    "malayalam": "\u0d00-\u0d7f",
    "latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff5a",
}
_WORDS = {
    # A Han or Thai character is a unit of its own; other scripts are counted by word.
    script: re.compile(rf"[{chars}]" if script in {"han", "kana", "thai"} else rf"[{chars}]+")
    for script, chars in _RANGES.items()
}
# Addresses, and words with a digit, "@" or "#" in them, belong to no language.
_NAMELESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|[#@]?(?=[A-Za-z0-9_.-]*\d)[A-Za-z0-9_.-]+",
    re.ASCII,
)
_EAST_ASIAN_MARK = re.compile("[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]")
_GRAMMAR = frozenset(
    "的了吗呢吧啊我你您他她它们是在不没有要想能会怎么什哪谁请这那就都也很给把个和还可以"
)


def without_names(text: str) -> str:
    """Blank out links, e-mails, numbers and codes such as ``A1042`` or ``iPhone15``."""
    return _NAMELESS.sub(" ", text)


def only_script(text: str, script: str) -> str:
    """Keep the letters of one script (kana with its kanji), spaces and marks."""
    kept = {script, "han"} if script == "kana" else {script}
    for other, words in _WORDS.items():
        if other not in kept:
            text = words.sub(" ", text)
    return text


def weights(text: str) -> dict[str, float]:
    """Weigh each script of a text by about the number of words written in it.

    A Han character counts 0.6 (a Chinese word has about 1.7), a character of Chinese grammar 1;
    full-width punctuation without any counts like one, for it comes from a Chinese keyboard.
    A short lowercase word is mostly grammar and counts 2; a word with a capital inside a text
    of another script is mostly a brand and counts 0.4.

    Returns:
        Weight by script; scripts that do not occur are absent.
    """
    found = {script: words.findall(text) for script, words in _WORDS.items()}
    result = {script: float(len(words)) for script, words in found.items() if words}
    if (han := found["han"]) or _EAST_ASIAN_MARK.search(text):
        result["han"] = sum(1.0 if char in _GRAMMAR else 0.6 for char in han) or 0.6
    for script in ("kana", "thai"):
        if script in result:
            result[script] *= 0.5
    if len(result) > 1 and found["latin"]:
        result["latin"] = sum(map(_latin_weight, found["latin"]))
    return result


def _latin_weight(word: str) -> float:
    if word == "I" or (word.islower() and len(word) <= 3):
        return 2.0
    return 1.0 if word.islower() else 0.4
