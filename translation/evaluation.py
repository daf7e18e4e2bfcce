"""Measure a translator with BLEU and chrF, as sacreBLEU defines them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.component import Engine, Translator
from assistant.compressed import lines_of
from assistant.evaluation.text_scores import score

from .corpora import Pair, msctd, shop_desk, tatoeba

Results = dict[str, dict[str, dict[str, dict[str, Any]]]]
DIRECTIONS = (("zh", "en"), ("en", "zh"))


def evaluate_pairs(
    translator: Translator,
    pairs: Sequence[tuple[str, str]],
    source: str,
    target: str,
    *,
    batch: int = 256,
) -> dict[str, Any]:
    """Translate and score.

    Args:
        translator: Serves ``source`` to ``target``.
        pairs: (text, reference) each.
        source: Language of the texts.
        target: Language of the references; Chinese is counted by sacreBLEU's ``zh`` tokens,
            English by ``13a``.
        batch: Texts in one call.

    Returns:
        ``bleu`` and ``chrf`` in [0, 100], ``bleu_signature``, ``chrf_signature``, ``sentences``,
        ``seconds``, and ``examples`` (the first ten).
    """
    texts = [text for text, _ in pairs]
    references = [reference for _, reference in pairs]
    began = time.perf_counter()
    written: list[str] = []
    for start in range(0, len(texts), batch):
        part = texts[start : start + batch]
        written += translator.translate(part, source=source, target=target)
    seconds = time.perf_counter() - began
    found = score(written, references, target)
    return {
        "bleu": round(found.bleu, 2),
        "chrf": round(found.chrf, 2),
        "bleu_signature": found.bleu_signature,
        "chrf_signature": found.chrf_signature,
        "sentences": len(texts),
        "seconds": round(seconds, 2),
        "examples": [
            {"source": a, "reference": b, "translation": c}
            for a, b, c in zip(texts[:10], references[:10], written[:10], strict=True)
        ],
    }


def held_out_sets(data: Path) -> dict[str, list[Pair]]:
    """The sets that a zh-en translator is reported on, by name.

    ``MSCTD test, unseen`` leaves out the pairs of which a side also stands in its train part.
    """
    chat, train = msctd(data, "test"), msctd(data, "train")
    seen = {_bare(side) for pair in train for side in (pair.en, pair.zh)}
    unseen = [p for p in chat if _bare(p.en) not in seen and _bare(p.zh) not in seen]
    english = lines_of(data / "translation/flores/dev.eng.xz")
    chinese = lines_of(data / "translation/flores/dev.cmn_Hans.xz")
    return {
        "Tatoeba, held out": tatoeba(data, "test"),
        "MSCTD test": chat,
        "MSCTD test, unseen": unseen,
        "shop desk test": shop_desk("test"),
        "FLORES dev": [Pair(e, z) for e, z in zip(english, chinese, strict=True)],
    }


def _bare(text: str) -> str:
    """Without case, spaces and punctuation, so that tokenisation does not hide a repetition."""
    return re.sub(r"[\W_]+", "", text.lower())


def measure(
    name: str | None,
    data: Path,
    *,
    engines: Sequence[Engine] = ("float", "int8"),
    most: int | None = None,
    tick: Callable[[str, float, float], None] = lambda _what, _done, _of: None,
) -> Results:
    """Measure a model on every test set, both ways, in each engine.

    Args:
        name: See `part.load`.
        data: The data folder.
        engines: Which ways to hold the numbers.
        most: Sentences per set; ``None`` for all.
        tick: Told ``(what, done, of)``.

    Returns:
        What `evaluate_pairs` found, by set, direction (``"zh-en"``) and engine.
    """
    from .loading import load_translator

    sets = held_out_sets(data)
    results: Results = {}
    steps = [(engine, way, title) for engine in engines for way in DIRECTIONS for title in sets]
    loaded = {engine: load_translator(name, engine) for engine in engines}
    for i, (engine, (source, target), title) in enumerate(steps):
        tick("Measuring the translator", i, len(steps))
        if (source, target) not in loaded[engine].pairs:
            continue
        rows = [(getattr(p, source), getattr(p, target)) for p in sets[title][:most]]
        if rows:
            found = evaluate_pairs(loaded[engine], rows, source, target)
            results.setdefault(title, {}).setdefault(f"{source}-{target}", {})[engine] = found
    tick("Measuring the translator", len(steps), len(steps))
    return results
