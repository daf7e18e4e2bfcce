"""Test the translator on sentence pairs, in both directions."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.component import Tools, Translator
from assistant.errors import BotFileError, BotFilesError

from .suite import Suite
from .text_scores import score, sentence_chrf

BATCH = 32
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePairs:
    """Sentences of two languages, line by line."""

    languages: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


def read_pairs(path: Path, root: Path, languages: tuple[str, str] = ("en", "zh")) -> SentencePairs:
    """Read ``first<TAB>second`` lines; a first line such as ``en<TAB>de`` names other languages.

    Raises:
        BotFilesError: Lines that are not two texts, each with file and line.
    """
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BotFileError(name, "is not UTF-8 text. Save the file as UTF-8.") from error
    except OSError as error:
        raise BotFileError(name, f"cannot be read: {error.strerror}.") from error
    rows: list[tuple[str, str]] = []
    faults: list[BotFileError] = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and len(cells) == 2 and all(_TAG.fullmatch(cell) for cell in cells):
            languages = (cells[0], cells[1])
        elif len(cells) == 2 and all(cells):
            rows.append((cells[0], cells[1]))
        elif line.strip():
            what = f"a pair is two texts with a tab between them, not {len(cells)} column(s)."
            faults.append(BotFileError(f"{name}:{number}", what))
    if faults:
        raise BotFilesError(faults)
    return SentencePairs(languages=languages, rows=tuple(rows))


def run_pairs(translator: Translator, pairs: SentencePairs, tools: Tools) -> Suite:
    """Translate every pair both ways and score each direction.

    ``bleu`` and ``chrf`` of the suite are the worse direction's.
    """
    suite = Suite(name="translation")
    first, second = pairs.languages
    report: dict[str, Any] = {"pairs": len(pairs.rows), "directions": {}}
    ways = [(first, second, 0, 1), (second, first, 1, 0)]
    for i, (source, target, from_cell, to_cell) in enumerate(ways):
        tools.tick("translation", i, len(ways))
        if (source, target) not in translator.pairs:
            suite.notes.append(f"No translator from {source} to {target} is loaded.")
            continue
        texts = [row[from_cell] for row in pairs.rows]
        references = [row[to_cell] for row in pairs.rows]
        found = _direction(translator, texts, references, source, target)
        report["directions"][f"{source}-{target}"] = found
        suite.numbers[f"bleu_{source}_{target}"] = found["bleu"]
        suite.numbers[f"chrf_{source}_{target}"] = found["chrf"]
    tools.tick("translation", len(ways), len(ways))
    for measure in ("bleu", "chrf"):
        each = [found[measure] for found in report["directions"].values()]
        if each:
            suite.numbers[measure] = min(each)
    suite.reports["translation_report.json"] = report
    suite.notes.append(f"{len(pairs.rows)} sentence pairs, {first} and {second}.")
    return suite


def _direction(
    translator: Translator,
    texts: Sequence[str],
    references: Sequence[str],
    source: str,
    target: str,
) -> dict[str, Any]:
    began = time.perf_counter()
    written: list[str] = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        written += translator.translate(batch, source=source, target=target)
    seconds = time.perf_counter() - began
    scored = score(written, references, target)
    return {
        "bleu": scored.bleu,
        "chrf": scored.chrf,
        "bleu_signature": scored.bleu_signature,
        "chrf_signature": scored.chrf_signature,
        "sentences": len(texts),
        "seconds": round(seconds, 3),
        "examples": [
            {"source": a, "reference": b, "translation": c, "chrf": round(sentence_chrf(c, b), 1)}
            for a, b, c in zip(texts, references, written, strict=True)
        ],
    }
