"""The joint zh-en SentencePiece vocabulary, written as the files a ``MarianTokenizer`` loads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import MarianTokenizer

LANGUAGE_TOKENS = {"zh": ">>zh<<", "en": ">>en<<"}


def train_vocabulary(sentences: Iterable[str], folder: Path, *, size: int = 10_000) -> None:
    """Train one unigram model for both languages (Kudo 2018, arXiv:1804.10959).

    The language tokens follow the convention of the OPUS-MT models: a source sentence begins
    with ``>>zh<<`` or ``>>en<<``, the language that it is to be translated into.
    """
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(folder / "joint"),
        vocab_size=size,
        model_type="unigram",
        character_coverage=0.9998,
        normalization_rule_name="nmt_nfkc",
        byte_fallback=False,
        num_threads=2,
        input_sentence_size=150_000,
        shuffle_input_sentence=True,
        minloglevel=2,
    )
    model = (folder / "joint.model").read_bytes()
    (folder / "source.spm").write_bytes(model)
    (folder / "target.spm").write_bytes(model)
    (folder / "vocab.json").write_text(
        json.dumps(_pieces(folder / "joint.model"), ensure_ascii=False), encoding="utf-8"
    )
    (folder / "joint.model").unlink()
    (folder / "joint.vocab").unlink()


def _pieces(model: Path) -> dict[str, int]:
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    known = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    ordinary = [piece for piece in known if piece not in {"<unk>", "<s>", "</s>"}]
    every = ["</s>", "<unk>", *LANGUAGE_TOKENS.values(), *ordinary, "<pad>"]
    return {piece: i for i, piece in enumerate(every)}


def load_vocabulary(folder: Path) -> MarianTokenizer:
    """Load the tokenizer of a translator's folder."""
    from transformers import MarianTokenizer

    return MarianTokenizer(
        source_spm=str(folder / "source.spm"),
        target_spm=str(folder / "target.spm"),
        vocab=str(folder / "vocab.json"),
        separate_vocabs=False,
        model_max_length=256,
    )
