"""Find what a text states as fact: numbers, codes, e-mail addresses, links.

A small language model makes these up. What stands in the conversation may be said again; every
other number, code, address or link is an invention.
"""

from __future__ import annotations

import re
import unicodedata

_TOP = (
    "com|net|org|info|biz|shop|store|online|site|web|website|app|dev|io|co|tv|me|cc|uk|de|eu|fr|cn|"
    "us|edu|gov|jp|ch|at|nl|es|it|in|ru|br|au|ca"
)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[^\W\d_])[\w-]+")
_ADDRESS = re.compile(r"\S*@\S*")
_LINK = re.compile(
    r"\b[a-z][a-z+.-]*://\S+|\bwww\b\S*|\b[\w-]{2,}(?:\.[\w-]{2,})*\.[^\W\d_][\w-]+(?:/\S*)?"
    rf"|\b[\w-]+\.(?:{_TOP})\b(?:/\S*)?|\b[\w-]+ ?[.。] ?(?:com|net|org)\b|[\w-]+[。｡][a-z]{{2,}}\b"
)
_SPOKEN_LINK = re.compile(
    rf"\b[\w-]+\W{{1,3}}(?:dot|point|period)\W{{1,3}}(?:{_TOP})\b"
    r"|\b[\w.-]+\W{1,3}(?:at|\(at\))\W{1,3}[\w-]+\W{1,3}dot\W{1,3}\w+|\bhttps?\b"
)
_SMALL = (  # "one" is left out: "the red one" is seldom a number
    "zero", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_LARGE = {
    "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
    "eighty": "80", "ninety": "90", "hundred": "100", "thousand": "1000", "million": "1000000",
    "billion": "1000000000", "dozen": "12",
}  # fmt: skip
_WORDS = {word: str(value) for value, word in enumerate(_SMALL) if word} | _LARGE
_NUMBER_WORD = re.compile(rf"\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?:s|es)?\b")
_HAN_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十百千万两]{2,}|[二三四五六七八九十百千万两](?=[天元块折月周年个件小])"
)


def plain(text: str) -> str:
    """Write a text without look-alikes: NFKC, lowercase, ASCII digits, no invisible characters."""
    shown = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    digits = (str(unicodedata.digit(c)) if c.isdigit() else c for c in shown)
    return "".join(digits).casefold()


def facts_of(text: str) -> frozenset[str]:
    """Return every number, code, address and link of a text, each in one way of writing.

    ``"Two items, order AB-12: 1,299.00 €"`` gives ``{"2", "12", "ab-12", "1299.00"}``.
    """
    text = plain(text)
    found = {number.replace(",", "") for number in _NUMBER.findall(text)}
    found.update(_CODE.findall(text))
    found.update(_WORDS[word] for word in _NUMBER_WORD.findall(text))
    found.update(_HAN_NUMBER.findall(text))
    for pattern in (_ADDRESS, _LINK, _SPOKEN_LINK):
        found.update(re.sub(r"\s+", " ", match).strip(".,;:!?)(\"'") for match in
                     pattern.findall(text))  # fmt: skip
    return frozenset(found)
