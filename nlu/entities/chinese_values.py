"""What Duckling misses or misreads in Chinese, set right around it.

It knows no 上午, no foreign currencies and no signs before amounts, takes 元 for dollars, 下周五
for the coming Friday, and 三天后 for any time within three days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from .duckling_match import Match

# Same length: offsets stay.
_KNOWN_AS = {
    "上午": "早上", "凌晨": "早上", "以后": "之后", "半个小时": "半 小时", "零下": " 负",
    "日元": " 元", "日圆": " 元", "￥": "¥", "俩": "两",
}  # fmt: skip
_CALL = re.compile(r"打(?=\d)")  # before a number 打 means to call; to Duckling it is a dozen
_CURRENCIES = {
    "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "日圆": "JPY",
    "港元": "HKD", "港币": "HKD", "韩元": "KRW", "台币": "TWD", "新台币": "TWD", "卢布": "RUB",
    "人民币": "CNY", "RMB": "CNY", "元": "CNY", "块钱": "CNY", "块": "CNY", "圆": "CNY",
}  # fmt: skip
_LONGEST_FIRST = sorted(_CURRENCIES, key=len, reverse=True)
_CURRENCY = re.compile(rf"\s*(?:{'|'.join(_LONGEST_FIRST)})", re.IGNORECASE)
_SIGN = re.compile(r"(?:[¥￥]|(?:RMB|人民币|港币)\s?)$", re.IGNORECASE)
_NEXT_WEEK = re.compile(r"下个?(?:周|星期|礼拜)[一二三四五六日天末]")
_LATER = re.compile(r"(?:以|之)?后$")
_STEPS = {
    "second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1),
    "day": timedelta(days=1), "week": timedelta(weeks=1),
}  # fmt: skip


def readable(text: str) -> str:
    """Put words that Duckling knows in the place of those that it does not."""
    for word, known in _KNOWN_AS.items():
        text = text.replace(word, known)
    return _CALL.sub(" ", text)


def chinese_matches(
    text: str, matches: Sequence[Match], amounts: Sequence[Match] | None, moment: datetime
) -> list[Match]:
    """Return the matches, set right.

    Args:
        text: As the user wrote it.
        matches: By the rules for Chinese.
        amounts: By the rules for English, ``$20`` and ``USD 20``; ``None`` where no amounts are
            asked for.
        moment: What counts as now; it says what week is next.
    """
    mended = [_mended(text, each, moment) for each in matches]
    if amounts is None:
        return mended
    signed = [_in_currency(text, each) for each in amounts if not _is_guess(each)]
    own = [
        _amount(text, each) if each["dim"] in {"number", "amount-of-money"} else each
        for each in mended
        if not _is_guess(each) and not any(_touch(each, amount) for amount in signed)
    ]
    return sorted([*own, *signed], key=lambda match: int(match["start"]))


def _mended(text: str, match: Match, moment: datetime) -> Match:
    start, surface = match["start"], text[match["start"] : match["end"]]
    if match["dim"] == "time" and _NEXT_WEEK.match(surface):
        return _next_week(match, moment)
    if match["dim"] == "time" and _LATER.search(surface):
        return _later(match)
    if match["dim"] == "temperature" and text[start - 1 : start + 1] == "零下":
        return {**match, "start": start - 1}
    return match


def _amount(text: str, match: Match) -> Match:
    """Give an amount its currency; a number beside a currency is an amount."""
    start, end = match["start"], match["end"]
    before, after = _SIGN.search(text[:start]), _CURRENCY.match(text, end)
    if match["dim"] == "number":
        if after is None and before is None:
            return match
        start = before.start() if before else start
        end = after.end() if after else end
    elif text[end : end + 1] == "钱":
        end += 1
    return _in_currency(text, {**match, "dim": "amount-of-money", "start": start, "end": end})


def _in_currency(text: str, match: Match) -> Match:
    surface = text[match["start"] : match["end"]]
    unit = match["value"].get("unit")
    named = next((name for name in _LONGEST_FIRST if name in surface.upper()), None)
    if named is not None:
        unit = _CURRENCIES[named]
    elif "¥" in surface or "￥" in surface:
        unit = "CNY"
    return {**match, "value": {**match["value"], "unit": unit}}


def _next_week(match: Match, moment: datetime) -> Match:
    """Move a day of this week to the next one."""
    value = match["value"].get("value")
    if not isinstance(value, str):
        return match
    day = datetime.fromisoformat(value)
    if day.isocalendar()[:2] != moment.astimezone(day.tzinfo).isocalendar()[:2]:
        return match
    return _at(match, day + timedelta(weeks=1), match["value"].get("grain", "day"))


def _later(match: Match) -> Match:
    """Take the end of the span up to which Duckling counts."""
    value = match["value"]
    to = value.get("to") or {}
    step = _STEPS.get(str(to.get("grain")))
    if value.get("type") != "interval" or step is None:
        return match
    return _at(match, datetime.fromisoformat(to["value"]) - step, to["grain"])


def _at(match: Match, moment: datetime, grain: str) -> Match:
    one = {"value": moment.isoformat(timespec="milliseconds"), "grain": grain, "type": "value"}
    return {**match, "value": {"values": [one], **one}}


def _is_guess(match: Match) -> bool:
    """Whether it is an amount for no better reason than a dash between two numbers."""
    sides = (match["value"], match["value"].get("from") or {}, match["value"].get("to") or {})
    return match["dim"] == "amount-of-money" and any(s.get("unit") == "unknown" for s in sides)


def _touch(one: Match, other: Match) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])
