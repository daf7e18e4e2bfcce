"""A tiny real GPT-2 with its own vocabulary, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generation.corpora import shop_desk
from generation.dialogue_format import END, PAD, load_tokenizer
from generation.vocabulary import train_vocabulary


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Converted models go to a folder of this run."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRILOGUE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def tiny_gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``trilogue pretrain generator`` writes it: 2 layers, width 32, not trained."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    folder = tmp_path_factory.mktemp("tiny")
    texts = (turn.text for dialogue in shop_desk("train") for turn in dialogue)
    train_vocabulary(texts, folder, size=600)
    tokenizer = load_tokenizer(folder)
    end = tokenizer.token_to_id(END)
    torch.manual_seed(3)
    network = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=tokenizer.get_vocab_size(), n_positions=128, n_embd=32, n_layer=2, n_head=2,
            initializer_range=0.3, bos_token_id=end, eos_token_id=end,
            pad_token_id=tokenizer.token_to_id(PAD),
        )
    )  # fmt: skip
    network.save_pretrained(folder)
    return folder
