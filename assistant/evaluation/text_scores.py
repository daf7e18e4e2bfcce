"""BLEU, chrF and distinct-n of texts, with the sacreBLEU signatures that reproduce them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_TOKENIZERS = {"zh": "zh", "ja": "char", "ko": "char", "th": "char"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScore:
    """How near texts are to their references.

    Attributes:
        bleu: In [0, 100].
        chrf: In [0, 100].
        bleu_signature: sacreBLEU's signature of ``bleu``.
        chrf_signature: sacreBLEU's signature of ``chrf``.
    """

    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str


def score(texts: Sequence[str], references: Sequence[str], language: str) -> TextScore:
    """Score texts of one language against one reference each.

    Args:
        texts: What was written.
        references: What a person wrote, in the same order.
        language: BCP 47 tag of both; Chinese, Japanese, Korean and Thai are counted by
            character, other languages by mteval's 13a tokens.

    Source: Post 2018, arXiv:1804.08771; Popović 2015 (chrF).
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    bleu, chrf = BLEU(tokenize=_TOKENIZERS.get(language.split("-", maxsplit=1)[0], "13a")), CHRF()
    found_bleu = bleu.corpus_score(list(texts), [list(references)])
    found_chrf = chrf.corpus_score(list(texts), [list(references)])
    return TextScore(
        bleu=float(found_bleu.score),
        chrf=float(found_chrf.score),
        bleu_signature=str(bleu.get_signature()),
        chrf_signature=str(chrf.get_signature()),
    )


def sentence_chrf(text: str, reference: str) -> float:
    """The chrF of one sentence, in [0, 100]."""
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(text, [reference]).score)


def distinct(texts: Sequence[str], n: int, language: str) -> float:
    """The share of different n-grams among all n-grams of the texts, in [0, 1].

    Source: Li et al. 2016, arXiv:1510.03055, section 5.
    """
    by_character = language.split("-", maxsplit=1)[0] in _TOKENIZERS
    grams: list[tuple[str, ...]] = []
    for text in texts:
        units = list("".join(text.split())) if by_character else text.lower().split()
        grams += [tuple(units[i : i + n]) for i in range(len(units) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 0.0
