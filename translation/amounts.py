"""Say an amount in the other language: the number stays, the currency word has a fixed form.

A small model takes yuan for dollars, so amounts never pass through one.
"""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = r"\d+(?:[,.]\d+)*"
_NAMES: dict[str, tuple[str, str]] = {
    # what people write: (English, Chinese)
    r"元钱?|块钱?|人民币|yuan|rmb": ("yuan", "元"),
    r"美元|美金|dollars?|bucks": ("dollars", "美元"),
    r"欧元|euros?": ("euros", "欧元"),
    r"英镑|pounds?": ("pounds", "英镑"),
    r"日元|yen": ("yen", "日元"),
    r"港币|港元|hk dollars?": ("HK dollars", "港元"),
    r"cny": ("CNY", "CNY"),
    r"usd": ("USD", "USD"),
    r"eur": ("EUR", "EUR"),
    r"gbp": ("GBP", "GBP"),
}
_WORD = "|".join(sorted("|".join(_NAMES).split("|"), key=len, reverse=True))
_SCALES = {"千": 1000, "万": 10_000, "亿": 100_000_000}

AMOUNT = (
    rf"(?:US|HK|NT)?[$€£¥￥₩]\s?{_NUMBER}[千万亿]?"
    rf"|(?:RMB|CNY|USD|EUR|GBP)\s?{_NUMBER}"
    rf"|{_NUMBER}[千万亿]?\s?(?:{_WORD})(?![A-Za-z])"
    rf"|{_NUMBER}[千万亿](?![一-鿿]?分之)"
)
_SPOKEN = re.compile(rf"({_NUMBER})([千万亿]?)\s?({_WORD})?", re.IGNORECASE)
_SIGNED = re.compile(rf"(\D+)({_NUMBER})([千万亿]?)")


def say_amount(amount: str, target: str) -> str:
    """Return an amount as it is written in ``target``.

    Args:
        amount: A match of `AMOUNT`, e.g. ``"1,299元"``, ``"$20"`` or ``"3万"``.
        target: ``"zh"`` or ``"en"``; for other languages the amount is left as it is.
    """
    if target not in {"en", "zh"}:
        return amount
    if signed := _SIGNED.fullmatch(amount):
        sign, number, scale = signed.groups()
        return sign + _scaled(number, scale, target)
    spoken = _SPOKEN.fullmatch(amount)
    if not spoken:
        return amount
    number, scale, word = spoken.groups()
    number = _scaled(number, scale, target)
    if not word:
        return number
    english, chinese = next(
        names for words, names in _NAMES.items() if re.fullmatch(words, word, re.IGNORECASE)
    )
    if target == "zh":
        return f"{number} {chinese}" if chinese.isascii() else number + chinese
    one = number == "1" and english.endswith("s")
    return f"{number} {english[:-1] if one else english}"


def _scaled(number: str, scale: str, target: str) -> str:
    """Write out 万 and its like where the target language has no word for it."""
    if not scale or target == "zh":
        return number + scale
    value = Decimal(number.replace(",", "")) * _SCALES[scale]
    return f"{value:,.0f}" if value == value.to_integral() else f"{value:,}"
