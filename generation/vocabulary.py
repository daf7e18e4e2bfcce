"""The generator's own byte-level BPE vocabulary, in the files that GPT-2 folders have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .dialogue_format import END, PAD, SPECIAL_TOKENS


def train_vocabulary(texts: Iterable[str], folder: Path, *, size: int = 8192) -> None:
    """Train byte-level BPE (Radford et al. 2019, section 2.2) and save it in ``folder``."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(
        texts,
        vocab_size=size,
        min_frequency=2,
        special_tokens=list(SPECIAL_TOKENS),
        show_progress=False,
    )
    bpe.save(str(folder / "tokenizer.json"))
    PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"),
        bos_token=END,
        eos_token=END,
        unk_token=END,
        pad_token=PAD,
        model_max_length=256,
    ).save_pretrained(folder)
    bpe.save_model(str(folder))
