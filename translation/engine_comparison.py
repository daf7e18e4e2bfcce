"""What 8 bit costs and gives the translator: size, BLEU and speed of each engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from assistant.component import Engine, EngineFigures

from .corpora import shop_desk
from .evaluation import evaluate_pairs
from .loading import load_translator


def compare(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure a zh-en translator in each engine on the service desk's test pairs.

    Speed is that of one sentence at a time, as a chat needs it.

    Args:
        folder: A Marian folder that serves zh and en, or ``None``: the built-in base.
        engines: Which ways to hold the numbers.

    Raises:
        ModelError: The model is missing or damaged.
    """
    return [_figures(folder, engine) for engine in engines]


def _figures(folder: Path | None, engine: Engine) -> EngineFigures:
    pairs = shop_desk("test")
    translator = load_translator(str(folder) if folder else None, engine)
    quality: dict[str, float] = {}
    for source, target in sorted(translator.pairs & {("zh", "en"), ("en", "zh")}):
        rows = [(getattr(p, source), getattr(p, target)) for p in pairs]
        found = evaluate_pairs(translator, rows, source, target, batch=1)
        quality |= {f"BLEU {source}-{target}": found["bleu"]}
        quality |= {f"chrF {source}-{target}": found["chrf"]}
    held = {id(d): d.decoder.bytes for d in translator.directions.values()}
    return EngineFigures(
        model="translator",
        engine=engine,
        bytes=sum(held.values()),
        quality=quality,
        speed=_sentences_per_second(folder, engine),
        unit="sentences",
    )


def _sentences_per_second(folder: Path | None, engine: Engine, *, most: int = 60) -> float:
    """Speed on a translator that remembers nothing yet."""
    translator = load_translator(str(folder) if folder else None, engine)
    source, target = min(translator.pairs)
    texts = [getattr(pair, source, pair.en) for pair in shop_desk("test")[: most + 5]]
    for text in texts[:5]:
        translator.translate([text], source=source, target=target)
    began = time.perf_counter()
    for text in texts[5:]:
        translator.translate([text], source=source, target=target)
    return len(texts[5:]) / (time.perf_counter() - began)
