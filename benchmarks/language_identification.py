"""Measure language identification: accuracy and time per line, beside plain ``langdetect``.

    python benchmarks/language_identification.py [--data DIR] [--json FILE]

Chat lines are judged among zh and en, all of them and only those of at least two words or two
Han characters. The outside set (``langid_lingua``) is judged among its 16 languages.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from langdetect import DetectorFactory, LangDetectException, detect

from assistant.compressed import lines_of
from translation.corpora import msctd, shop_desk
from translation.data_folder import data_folder
from translation.language import detect_language

Line = tuple[str, str]
Detect = Callable[[str], str]


def chat_lines(data: Path) -> Iterator[tuple[str, list[Line]]]:
    """Yield each chat set by name, as lines with their language."""
    pairs = msctd(data, "test")
    yield "MSCTD test", [*((p.en, "en") for p in pairs), *((p.zh, "zh") for p in pairs)]
    dialogues = lines_of(data / "dialogue/dailydialog/dialogues_test.txt.xz")
    turns = [turn.strip() for line in dialogues for turn in line.split("__eou__")]
    yield "DailyDialog test", [(turn, "en") for turn in turns if turn]
    desk = shop_desk("test")
    if desk:
        yield "shop desk test", [*((p.en, "en") for p in desk), *((p.zh, "zh") for p in desk)]
    short = [(p.en, "en") for p in pairs if len(p.en.split()) <= 3]
    short += [(p.zh, "zh") for p in pairs if len(re.findall(r"[\u4e00-\u9fff]", p.zh)) <= 3]
    yield "MSCTD test, at most 3 words / Han", short


def long_enough(text: str) -> bool:
    """Whether a line has at least two words or two Han characters."""
    return (
        len(re.findall(r"[\u4e00-\u9fff]", text)) >= 2 or len(re.findall(r"[A-Za-z]+", text)) >= 2
    )


def outside_lines(data: Path, kind: str) -> list[Line]:
    """The lines of one kind (``single-words``, ``word-pairs``, ``sentences``), 16 languages."""
    files = sorted((data / "nlu/langid_lingua" / kind).glob("*.txt"))
    return [(line, file.stem) for file in files for line in lines_of(file) if line]


def plain(text: str) -> str:
    """``langdetect`` as it is, Chinese variants taken together."""
    try:
        return str(detect(text)).split("-")[0]
    except LangDetectException:
        return "und"


def score(lines: list[Line], tell: Detect) -> dict[str, Any]:
    """Accuracy in percent, overall and by language, milliseconds per line, and some misses."""
    began = time.perf_counter()
    told = [tell(text) for text, _ in lines]
    spent = time.perf_counter() - began
    right = [answer == language for answer, (_, language) in zip(told, lines, strict=True)]
    by_language: dict[str, list[bool]] = {}
    for hit, (_, language) in zip(right, lines, strict=True):
        by_language.setdefault(language, []).append(hit)
    misses = [
        f"{text} [{language} as {answer}]"
        for text_and_language, answer, hit in zip(lines, told, right, strict=True)
        if not hit
        for text, language in [text_and_language]
    ]
    return {
        "lines": len(lines),
        "accuracy": round(100 * sum(right) / max(len(right), 1), 2),
        "by_language": {k: round(100 * sum(v) / len(v), 1) for k, v in by_language.items()},
        "ms_per_line": round(1000 * spent / max(len(lines), 1), 4),
        "misses": misses[:20],
    }


def main() -> None:
    """Print one line per set; ``--json`` writes everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take each Nth outside line only")
    arguments = parser.parse_args()
    data = data_folder(arguments.data)
    DetectorFactory.seed = 0
    detect_language("warm up, bitte", among=("en", "de"))
    plain("warm up")
    results: dict[str, Any] = {}

    def show(name: str, lines: list[Line], tell: Detect) -> None:
        results[name] = found = score(lines, tell)
        print(f"{name:60} {found['lines']:6} {found['accuracy']:7.2f} {found['ms_per_line']:9.3f}")

    print(f"{'set':60} {'lines':>6} {'acc %':>7} {'ms/line':>9}")
    for name, lines in chat_lines(data):
        enough = [line for line in lines if long_enough(line[0])]
        show(f"{name}: all", lines, lambda text: detect_language(text, among=("en", "zh")))
        show(f"{name}: 2+", enough, lambda text: detect_language(text, among=("en", "zh")))
        show(f"{name}: 2+, plain langdetect, 1 in 10", enough[::10], plain)
    for kind in ("single-words", "word-pairs", "sentences"):
        lines = outside_lines(data, kind)[:: arguments.every]
        among = tuple(sorted({language for _, language in lines}))
        tell = lambda text, among=among: detect_language(text, among=among)  # noqa: E731
        show(f"lingua {kind}: among 16", lines, tell)
        two = [line for line in lines if line[1] in {"en", "zh"}]
        show(f"lingua {kind}, zh and en: among 2", two,
             lambda text: detect_language(text, among=("en", "zh")))  # fmt: skip
        show(f"lingua {kind}: plain langdetect", lines, plain)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
