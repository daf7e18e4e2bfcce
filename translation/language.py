"""Tell the language of a text: scripts decide first, ``langdetect`` only between their languages.

``langdetect`` alone is right on long texts and poor on chat lines: it takes two Chinese
characters for Korean and ``ok thanks`` for Welsh. Its candidates are therefore limited to the
languages that are possible, through its prior (Nakatani Shuyo 2010, the profiles' author).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .writing_systems import SCRIPT_OF, only_script, weights, without_names

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

UNDETERMINED = "und"
_SEED = 7
_LONGEST = 1000  # characters that are looked at


def detect_language(text: str, *, among: Sequence[str] = ()) -> str:
    """Return the most probable language of a text.

    Args:
        text: One message of any length.
        among: BCP 47 tags to choose from; empty means all that are known.

    Returns:
        One of ``among`` as it is written there. A text without words (numbers, emoji, codes,
        links) has the first of them, or ``"und"`` where ``among`` is empty.
    """
    candidates = tuple(among) or known_languages()
    text = text[:_LONGEST]
    weight = weights(without_names(text))
    if len(among) == 1 or not weight:
        return among[0] if among else UNDETERMINED
    by_script: dict[str, list[str]] = {}
    for tag in candidates:
        by_script.setdefault(SCRIPT_OF.get(_primary(tag), "latin"), []).append(tag)
    script = _strongest(weight, by_script)
    possible = _languages_of(script, by_script)
    if not possible:
        return among[0] if among else UNDETERMINED
    if len(possible) == 1:
        return possible[0]
    return _profiled(only_script(without_names(text), script), possible)


def _strongest(weight: dict[str, float], by_script: dict[str, list[str]]) -> str:
    """The script that carries the text; kana and the kanji around it go together."""
    weight = dict(weight)
    if "kana" in by_script and "kana" in weight:
        kana, han = weight.pop("kana"), weight.pop("han", 0.0)
        # A lone decorative kana, as in a shop's name, does not make a Chinese text Japanese.
        weight["kana" if kana > 0.5 or han < 2 else "han"] = kana + han
    readers = {*by_script, "han"} if "kana" in by_script else set(by_script)
    served = {script: w for script, w in weight.items() if script in readers}
    return max(served, key=served.__getitem__, default="")


def _languages_of(script: str, by_script: dict[str, list[str]]) -> list[str]:
    if script == "han":  # kanji alone may be either
        return [*by_script.get("han", []), *by_script.get("kana", [])]
    return by_script.get(script, [])


def _profiled(text: str, possible: Iterable[str]) -> str:
    """Let ``langdetect`` choose; the first of ``possible`` where it has nothing to say."""
    from langdetect.lang_detect_exception import LangDetectException

    possible = list(possible)
    factory = _factory()
    profiles = {p: tag for tag in reversed(possible) for p in _profiles(_primary(tag))}
    prior = {p: 1.0 for p in profiles if p in factory.langlist}
    if not prior:
        return possible[0]
    detector: Any = factory.create()
    detector.set_prior_map(prior)
    # Words in capitals are skipped by langdetect, and a word's end counts only before a space.
    detector.append(f"{text.lower() if text.isupper() else text} ")
    try:
        (best, *_) = detector.get_probabilities()
    except (LangDetectException, ValueError):  # no n-gram, or none above its threshold
        return possible[0]
    return profiles[best.lang]


def known_languages() -> tuple[str, ...]:
    """All languages that can be told apart, as BCP 47 primary tags."""
    found = {_primary(name) for name in _factory().langlist}
    return tuple(sorted(found | set(SCRIPT_OF)))


def _primary(tag: str) -> str:
    return re.split("[-_]", tag.lower(), maxsplit=1)[0]


def _profiles(language: str) -> tuple[str, ...]:
    return ("zh-cn", "zh-tw") if language == "zh" else (language,)


@cache
def _factory() -> DetectorFactory:
    """Own profiles and own seed: the global ones of ``langdetect`` stay as others set them."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.seed = _SEED
    return factory


class LanguageDetector:
    """Detection in batches, the part of `assistant.component.Translator` that needs no model."""

    def detect(self, texts: Sequence[str], *, among: Sequence[str] = ()) -> list[str]:
        """Return for each text the most probable language of ``among``, of all if it is empty."""
        return [detect_language(text, among=among) for text in texts]
