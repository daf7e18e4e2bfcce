"""Measure the Chinese extension and write its model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.compressed import lines_of
from nlu.encoder import load_encoder
from nlu.sentiment_evaluation import chinese_f1
from nlu.shared_encoder import SENTIMENT, sentiment_encoder

from .extension import chinese_encoder, read_extension

_CARD = """\
# Chinese rows for the built-in encoder

{count:,} Chinese words and characters (`pieces.txt`) and their embedding rows of width {width}
(`rows.safetensors`, half precision). With them all-MiniLM-L6-v2, whose layers stay as they are,
reads a Chinese sentence much as it reads its English translation.

Made by `trilogue pretrain chinese` (`nlu/chinese/`): words by SentencePiece; first rows by IBM
model 1 as mixtures of the English rows that translate them; then {minutes:g} core-minutes of
distillation, in which only the rows learn.

## Data and terms

About 218,000 Chinese-English sentence pairs: MSCTD (subtitles), 3AM (captions), Tatoeba
(CC BY 2.0 FR), BMELD (TV series), AI Challenger (validation part), XDailyDialog and a
translated task-dialogue corpus, and Trilogue's own shop desk (Apache-2.0). Several of these are
for research only, so **use the rows for research and trial**; for a commercial bot name a
multilingual encoder of a hub in `nlu: {{encoder: ...}}`, or train the recipe on your own pairs.
No sentence is in the files.

## Measured

Chinese sentences of FLORES dev (997, never trained on) that find their translation among all
others by cosine, int8: {with_rows:.1%}; without the rows {without:.1%}.

CPED test (Chinese TV dialogue), macro-F1 of sentiment, without translation: {cped:.1f}, with the
n-gram table alone {table:.1f}. The encoder learned sentiment from English alone.

## Limits

Words that the pairs hardly know (slang, new products, dialects) are read by their characters.
Traditional characters are known where the corpora have them. Meaning that hangs on word order
alone is often missed, since the layers above learned English.
"""


def found_translations(folder: Path, chinese: Sequence[str], english: Sequence[str]) -> float:
    """Share in [0, 1] of Chinese sentences whose nearest English one is their translation."""
    encoder = load_encoder(folder)
    ours = np.stack([each.mean for each in encoder.encode(chinese)])
    theirs = np.stack([each.mean for each in encoder.encode(english)])
    return float(((ours @ theirs.T).argmax(axis=1) == np.arange(len(ours))).mean())


def write_card(data: Path, folder: Path, *, minutes: float) -> None:
    """Write ``README.md`` beside the rows."""
    pieces, rows = read_extension(folder)
    texts = [lines_of(data / f"translation/flores/dev.{name}.xz") for name in ("cmn_Hans", "eng")]
    plain = sentiment_encoder()
    extended = chinese_encoder(plain, folder)
    text = _CARD.format(
        count=len(pieces),
        width=rows.shape[1],
        minutes=minutes,
        with_rows=found_translations(extended, *texts),
        without=found_translations(plain, *texts),
        cped=chinese_f1(data, SENTIMENT, load_encoder(extended)),
        table=chinese_f1(data, SENTIMENT),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
