"""Train the translator base: one small Marian model for both directions, from nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.training_loop import Batch, Budget, Reporter, fit

from .corpora import Pair, training_pairs
from .script import simplified
from .vocabulary import LANGUAGE_TOKENS, load_vocabulary, train_vocabulary

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import MarianMTModel, MarianTokenizer

# Copies of each corpus in one pass. Everyday sentences and the shop desk count most.
COPIES = {
    "tatoeba": 3.0,
    "shop_desk": 6.0,
    "msctd": 0.35,
    "ai_challenger": 1.0,
    "bmeld": 1.0,
    "daily": 1.0,
    "task": 1.0,
    "captions": 0.1,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One direction of one pair, as vocabulary indices."""

    source: list[int]
    target: list[int]


def train_translator(
    data: Path,
    folder: Path,
    *,
    minutes: float,
    report: Reporter | None = None,
    batch_tokens: int = 3000,
    seed: int = 7,
) -> MarianMTModel:
    """Train the vocabulary and the model and save both in ``folder`` (``save_pretrained``).

    Args:
        data: The data folder with ``translation/`` and ``dialogue/``.
        folder: Receives the model; its ``work`` folder keeps the checkpoint.
        minutes: Wall-clock minutes of training.
        report: Called as training advances.
        batch_tokens: Target tokens in a batch, padding included.
        seed: Of the sampling and the initial weights.
    """
    import torch

    torch.manual_seed(seed)
    corpora = training_pairs(data)
    if not (folder / "vocab.json").exists():
        train_vocabulary(_vocabulary_text(corpora), folder)
    tokenizer = load_vocabulary(folder)
    model = new_model(len(tokenizer.get_vocab()), tokenizer)
    # On a CPU the fused attention is slower backwards at chat lengths.
    model.set_attn_implementation("eager")
    samples = {name: encode_pairs(pairs, tokenizer) for name, pairs in corpora.items()}
    batches = _batches(samples, tokenizer.pad_token_id, batch_tokens, random.Random(seed))
    fit(
        model,
        batches,
        budget=Budget(minutes=minutes, muon_rate=0.01, adam_rate=2e-3),
        folder=folder / "work",
        report=report,
        loss_of=_smoothed_loss,
    )
    model.eval()
    tokenizer.save_pretrained(folder)
    model.half().save_pretrained(folder)
    return model


def _vocabulary_text(corpora: dict[str, list[Pair]]) -> Iterator[str]:
    for pairs in corpora.values():
        for pair in pairs:
            yield pair.en
            yield simplified(pair.zh)


def new_model(size: int, tokenizer: MarianTokenizer) -> MarianMTModel:
    """Make the untrained network: 4 + 2 layers of width 256, about 8 million parameters.

    A shallow decoder costs little quality and halves decoding time (Kasai et al. 2021,
    arXiv:2006.10369).
    """
    from transformers import MarianConfig, MarianMTModel

    pad, end = tokenizer.pad_token_id, tokenizer.eos_token_id
    config = MarianConfig(
        vocab_size=size,
        d_model=256,
        encoder_layers=4,
        decoder_layers=2,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=1024,
        decoder_ffn_dim=1024,
        activation_function="swish",
        max_position_embeddings=256,
        dropout=0.0,  # too few passes over the data for overfitting
        scale_embedding=True,
        pad_token_id=pad,
        eos_token_id=end,
        bos_token_id=None,
        decoder_start_token_id=pad,
        forced_eos_token_id=end,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
    )
    model = MarianMTModel(config)
    model.generation_config.update(
        num_beams=4,
        max_length=200,
        bad_words_ids=[[pad]],
        decoder_start_token_id=pad,
        forced_eos_token_id=end,
        pad_token_id=pad,
        eos_token_id=end,
    )
    return model


def encode_pairs(pairs: list[Pair], tokenizer: MarianTokenizer) -> list[Sample]:
    """Encode every pair in both directions."""
    numbers: dict[str, int] = tokenizer.get_vocab()
    end, unknown = numbers["</s>"], numbers["<unk>"]
    to = {name: numbers[token] for name, token in LANGUAGE_TOKENS.items()}

    def encode(text: str) -> list[int]:
        pieces = tokenizer.spm_source.encode(text, out_type=str)
        return [numbers.get(piece, unknown) for piece in pieces]

    samples = []
    for pair in pairs:
        english, chinese = encode(pair.en), encode(simplified(pair.zh))
        samples.append(Sample([to["zh"], *english, end], [*chinese, end]))
        samples.append(Sample([to["en"], *chinese, end], [*english, end]))
    return samples


def _one_pass(samples: dict[str, list[Sample]], rng: random.Random) -> list[Sample]:
    chosen: list[Sample] = []
    for name, corpus in samples.items():
        whole, part = divmod(COPIES[name], 1.0)
        chosen += corpus * int(whole) + rng.sample(corpus, int(part * len(corpus)))
    rng.shuffle(chosen)
    return chosen


def _batches(
    samples: dict[str, list[Sample]], pad: int, tokens: int, rng: random.Random
) -> Iterator[Batch]:
    """Yield batches of like lengths for ever; each pass draws the corpora anew."""
    while True:
        chosen = _one_pass(samples, rng)
        for start in range(0, len(chosen), 8000):
            pool = sorted(
                chosen[start : start + 8000],
                key=lambda s: (len(s.target) + rng.random(), len(s.source)),
            )
            groups = list(_groups(pool, tokens))
            rng.shuffle(groups)
            yield from (_padded(group, pad) for group in groups)


def _groups(pool: list[Sample], tokens: int) -> Iterator[list[Sample]]:
    group: list[Sample] = []
    for sample in pool:
        longest = max(len(sample.source), len(sample.target))
        if group and longest * (len(group) + 1) > tokens:
            yield group
            group = []
        group.append(sample)
    if group:
        yield group


def _padded(group: list[Sample], pad: int) -> Batch:
    import torch

    wide = max(len(s.source) for s in group)
    deep = max(len(s.target) for s in group)
    source = torch.tensor([s.source + [pad] * (wide - len(s.source)) for s in group])
    labels = torch.tensor([s.target + [-100] * (deep - len(s.target)) for s in group])
    return {"input_ids": source, "attention_mask": source.ne(pad).long(), "labels": labels}


def _smoothed_loss(model: nn.Module, batch: Batch) -> Tensor:
    """Cross-entropy with label smoothing 0.1 (Vaswani et al. 2017, section 5.4)."""
    import torch

    logits = model(**batch).logits
    return torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1),
        batch["labels"].flatten(),
        ignore_index=-100,
        label_smoothing=0.1,
    )
