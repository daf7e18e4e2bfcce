"""Choose the Chinese pieces: frequent words by SentencePiece, and every character beside them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LONGEST = 6
_RARE = 3


def chinese_pieces(texts: Sequence[str], size: int = 16_000) -> list[str]:
    """Return words and characters of ``texts`` that are written in Han characters alone.

    Args:
        texts: Chinese sentences.
        size: Of the unigram vocabulary (Kudo 2018, arXiv:1804.10959), from which the words come.
    """
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, vocab_size=size, model_type="unigram",
        character_coverage=0.9999, add_dummy_prefix=False, max_sentencepiece_length=_LONGEST,
        num_threads=1, minloglevel=2, hard_vocab_limit=False,
    )  # fmt: skip
    found = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    words = [found.id_to_piece(i) for i in range(found.get_piece_size())]
    words = [word for word in words if _HAN.fullmatch(word)]
    characters = Counter(char for text in texts for char in text if _HAN.fullmatch(char))
    known = set(words)
    return words + [c for c, n in characters.most_common() if n >= _RARE and c not in known]
