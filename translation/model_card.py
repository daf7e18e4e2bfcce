"""Write the model card of the translator base from what was measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

from assistant.engines import bytes_of

from .evaluation import Results

# Corpora of the recipe by their folder in the data folder, and what is taken of each.
_CORPORA = {
    "translation/cmn_eng": "everyday sentences; 94 %, split by English sentence",
    "translation/msctd_zh_en": "subtitle chat; train",
    "translation/ai_challenger_valid": "colloquial; all",
    "translation/bmeld_zh_en": "TV dialogue; train",
    "translation/3am_zh_en": "captions; a tenth of train",
    "dialogue/xdailydialog": "daily dialogue; part1k",
    "dialogue/tod_zh_en": "task dialogue; 80 % by dialogue",
}
_HUB = ("Helsinki-NLP/opus-mt-zh-en", "Helsinki-NLP/opus-mt-en-zh")


def write_model_card(folder: Path, data: Path, results: Results, *, minutes: float) -> Path:
    """Write ``README.md`` beside the weights.

    Args:
        folder: The base.
        data: The data folder, whose READMEs name the licences.
        results: What `evaluation.measure` found.
        minutes: How long the base was trained.

    Returns:
        The card.
    """
    card = folder / "README.md"
    card.write_text(card_text(folder, data, results, minutes=minutes), encoding="utf-8")
    return card


def card_text(folder: Path, data: Path, results: Results, *, minutes: float) -> str:
    """The text of the card."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    megabytes = bytes_of(folder) - bytes_of(folder / "work")
    corpora = [
        f"| {what} | {stem} | {licence_of(data / stem)} |" for stem, what in _CORPORA.items()
    ]
    corpora.append(
        "| a shop's service desk, written for this project | translation/data | Apache-2.0 |"
    )
    sections = [
        _FRONT,
        (
            f"One `MarianMTModel` for both directions: {config['encoder_layers']} encoder and "
            f"{config['decoder_layers']} decoder layers of width {config['d_model']}, "
            f"{config['vocab_size']:,} SentencePiece pieces; {megabytes / 1e6:.1f} MB in half "
            "precision. A source sentence begins with the token of the language to write, "
            "`>>zh<<` or `>>en<<`.\n\n"
            f"Trained from random weights for {minutes:.0f} minutes by "
            "`trilogue pretrain translator` (`translation/pretraining.py`)."
        ),
        (
            "## Use\n\nShort chat messages between Chinese and English in a customer-service bot. "
            "Traditional characters are read and Simplified ones written. Links, e-mails, codes "
            "and amounts are protected by the translator around this model, not by the model."
        ),
        (
            "## Limits\n\nSmall and trained on little data: names, technical terms, news and long "
            "sentences come out badly, and fluent sentences may be wrong. Do not use it where a "
            "wrong translation does harm. Subtitles bring rude words along."
        ),
        (
            "## Terms\n\nSome of the corpora may be used for research or non-commercially only, so "
            "the weights are offered for **research and non-commercial use**. Commercial users "
            "name a hub model instead, under its own licence (Apache-2.0 or CC BY 4.0 for most "
            f'OPUS-MT models):\n\n```yaml\ntranslation:\n  base: "{",".join(_HUB)}"\n```'
        ),
        "## Data\n\n| what | folder | licence |\n|---|---|---|\n" + "\n".join(corpora),
        "## Quality\n\n" + results_table(results),
        "## Signatures\n\n" + "\n".join(f"- `{each}`" for each in _signatures(results)),
    ]
    return "\n\n".join(sections) + "\n"


def licence_of(corpus: Path) -> str:
    """The licence line of a corpus' README."""
    text = (corpus / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^- Licence: *(.+)$", text, re.MULTILINE)
    return found[1].replace("|", "/") if found else "not stated"


def results_table(results: Results) -> str:
    """BLEU and chrF by set, direction and engine as a Markdown table."""
    rows = ["| set | direction | sentences | engine | BLEU | chrF |", "|---|---|---|---|---|---|"]
    for title, ways in results.items():
        for way, engines in ways.items():
            rows += [
                f"| {title} | {way.replace('-', '→')} | {found['sentences']} | {engine} "
                f"| {found['bleu']:.2f} | {found['chrf']:.2f} |"
                for engine, found in engines.items()
            ]
    return "\n".join(rows)


def _signatures(results: Results) -> list[str]:
    return sorted(
        {
            f"{measure}: {found[f'{measure}_signature']}"
            for ways in results.values()
            for engines in ways.values()
            for found in engines.values()
            for measure in ("bleu", "chrf")
        }
    )


_FRONT = """---
language: [zh, en]
license: other
pipeline_tag: translation
---

# trilogue-zh-en: a small Chinese-English translator for chat"""
