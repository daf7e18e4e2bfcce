"""Write a decoded sentence as its language is written."""

from __future__ import annotations

import re

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_CJK = r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff5e]"
_FULL = str.maketrans(",.?!:;()", "，。？！：；（）")
_HALF = str.maketrans(
    {
        "，": ", ", "。": ". ", "？": "? ", "！": "! ", "：": ": ", "；": "; ", "、": ", ",
        "（": " (", "）": ") ", "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"',
        "《": '"', "》": '"', "…": "...", "～": "~", "【": " [", "】": "] ",
    }
)  # fmt: skip


def finish(text: str, language: str, *, opens: bool = True) -> str:
    """Put spacing, punctuation and capitals right.

    Args:
        text: What the model wrote.
        language: Of ``text``; only zh and en have rules.
        opens: Whether it stands at the beginning of a sentence.
    """
    text = re.sub(r"\s+", " ", text).strip()
    if language == "zh":
        return _chinese(text)
    if language == "en":
        return _english(text, opens=opens)
    return text


def _chinese(text: str) -> str:
    text = re.sub(rf"(?<={_CJK}) +(?={_CJK})", "", text)
    text = re.sub(r" +(?=[,.?!:;])", "", text)
    text = re.sub(rf"(?<={_HAN})[,?!:;.](?![.,\d])", lambda m: m[0].translate(_FULL), text)
    text = re.sub(rf"(?<=[A-Za-z0-9])[,?!:;](?= *{_HAN}|$)", lambda m: m[0].translate(_FULL), text)
    if re.search(_HAN, text):
        text = re.sub(r"(?<=[A-Za-z0-9])\.$", "。", text)
        text = re.sub(rf"\((?={_HAN})", "（", text)
        text = re.sub(rf"(?<={_HAN})\)", "）", text)
    text = re.sub(r"(?<=[，。？！：；、]) +| +(?=[，。？！：；、])", "", text)
    return re.sub(rf"(?<={_HAN}) +(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) +(?={_HAN})", "", text)


def _english(text: str, *, opens: bool) -> str:
    text = text.translate(_HALF)
    text = re.sub(r" +([,.?!;:)\]])", r"\1", text)
    text = re.sub(r"([(\[]) +", r"\1", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\bi\b(?=$|[ ',!?;:]|\.(?!\w))", "I", text)
    text = re.sub(r"((?<!\.)[.!?] +)([a-z])", lambda m: m[1] + m[2].upper(), text)
    if opens:
        text = re.sub(r"^([\"'(\[]*)([a-z])", lambda m: m[1] + m[2].upper(), text)
    return text


def marks_in(text: str, language: str) -> str:
    """Write a piece that has no words, only punctuation and spaces, in another language's marks."""
    if language == "zh":
        return re.sub(r"\s+", " ", text.translate(_FULL)).replace("， ", "，").replace("。 ", "。")
    if language == "en":
        return re.sub(r"\s+", " ", text.translate(_HALF))
    return text
