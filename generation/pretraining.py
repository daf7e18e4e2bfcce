"""Train the generator base: a small GPT-2 on dialogues, from nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.training_loop import Batch, Budget, Reporter, fit

from .corpora import Dialogue, training_dialogues
from .dialogue_format import END, PAD, encode_dialogue, load_tokenizer, special_ids
from .vocabulary import train_vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import GPT2LMHeadModel

# Copies of each corpus in one pass: chit-chat and the shop desk count most.
COPIES = {
    "dailydialog": 3.0,
    "sgd": 0.4,
    "multiwoz": 0.7,
    "coffee": 0.5,
    "persona": 1.0,
    "customer_service": 1.0,
    "shop_desk": 8.0,
}
CONTEXT = 256


def train_generator(
    data: Path,
    folder: Path,
    *,
    minutes: float,
    report: Reporter | None = None,
    batch_tokens: int = 3000,
    seed: int = 7,
) -> GPT2LMHeadModel:
    """Train the vocabulary and the model and save both in ``folder`` (``save_pretrained``).

    Args:
        data: The data folder with ``dialogue/``.
        folder: Receives the model; its ``work`` folder keeps the checkpoint.
        minutes: Wall-clock minutes of training.
        report: Called as training advances.
        batch_tokens: Tokens in a batch, padding included.
        seed: Of the sampling and the initial weights.
    """
    import torch

    torch.manual_seed(seed)
    corpora = training_dialogues(data)
    if not (folder / "tokenizer.json").exists():
        texts = (turn.text for corpus in corpora.values() for talk in corpus for turn in talk)
        train_vocabulary(texts, folder)
    tokenizer = load_tokenizer(folder)
    model = new_model(tokenizer)
    # On a CPU the fused attention is slower backwards at chat lengths.
    model.set_attn_implementation("eager")
    batches = _batches(corpora, tokenizer, batch_tokens, random.Random(seed))
    fit(
        model,
        batches,
        budget=Budget(minutes=minutes, muon_rate=0.01, adam_rate=2e-3),
        folder=folder / "work",
        report=report,
    )
    model.eval()
    model.half().save_pretrained(folder)
    return model


def new_model(tokenizer: Tokenizer) -> GPT2LMHeadModel:
    """Make the untrained network: 6 layers of width 256, about 7 million parameters."""
    from transformers import GPT2Config, GPT2LMHeadModel

    end = tokenizer.token_to_id(END)
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=tokenizer.get_vocab_size(), n_positions=CONTEXT, n_embd=256, n_layer=6,
            n_head=8, resid_pdrop=0.1, embd_pdrop=0.1, attn_pdrop=0.0,
            bos_token_id=end, eos_token_id=end, pad_token_id=tokenizer.token_to_id(PAD),
        )
    )  # fmt: skip


def _one_pass(corpora: dict[str, list[Dialogue]], rng: random.Random) -> list[Dialogue]:
    chosen: list[Dialogue] = []
    for name, corpus in corpora.items():
        whole, part = divmod(COPIES[name], 1.0)
        chosen += corpus * int(whole) + rng.sample(corpus, int(part * len(corpus)))
    rng.shuffle(chosen)
    return chosen


def _windows(ids: list[int], rng: random.Random) -> Iterator[list[int]]:
    """Cut a long dialogue into windows of the context length, from a random offset."""
    if len(ids) <= CONTEXT:
        yield ids
        return
    first = rng.randint(CONTEXT // 2, CONTEXT)
    yield ids[:first]
    for start in range(first, len(ids), CONTEXT):
        yield ids[start : start + CONTEXT]


def _batches(
    corpora: dict[str, list[Dialogue]], tokenizer: Tokenizer, tokens: int, rng: random.Random
) -> Iterator[Batch]:
    """Yield batches of like lengths for ever; half of the dialogues carry their labels."""
    pad = special_ids(tokenizer)[PAD]
    while True:
        chosen = _one_pass(corpora, rng)
        for start in range(0, len(chosen), 1000):
            pool = [
                window
                for talk in chosen[start : start + 1000]
                for window in _windows(
                    encode_dialogue(tokenizer, talk, labels=rng.random() < 0.5), rng
                )
                if len(window) > 1
            ]
            pool.sort(key=lambda ids: len(ids) + rng.random())
            groups = list(_groups(pool, tokens))
            rng.shuffle(groups)
            yield from (_padded(group, pad) for group in groups)


def _groups(pool: list[list[int]], tokens: int) -> Iterator[list[list[int]]]:
    group: list[list[int]] = []
    for ids in pool:
        if group and len(ids) * (len(group) + 1) > tokens:
            yield group
            group = []
        group.append(ids)
    if group:
        yield group


def _padded(group: list[list[int]], pad: int) -> Batch:
    import torch

    wide = max(map(len, group))
    ids = torch.tensor([row + [pad] * (wide - len(row)) for row in group])
    # Padding stands on the right, where causal attention never looks: no mask is needed.
    return {"input_ids": ids, "labels": ids.masked_fill(ids.eq(pad), -100)}
