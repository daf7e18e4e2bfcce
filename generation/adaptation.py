"""Adapt the base to a bot: LoRA on the bot's own stories, answers and dialogues.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv:2106.09685.
"""

from __future__ import annotations

import json
import random
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from assistant.bot import Bot
from assistant.component import Tools
from assistant.config import GenerationConfig

from .bot_dialogues import StoryTeller, own_dialogues, within_guards
from .corpora import Dialogue, shop_desk
from .dialogue_format import BOT, END, PAD, encode_dialogue, special_ids
from .engine_torch import load_network, quieten_bitsandbytes
from .gpt2_folder import context_length, is_built_in, open_tokenizer, ready_folder
from .loading import SETTINGS
from .writer import WriterSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BATCH_TOKENS = 1024
_RATE = 2e-3


@dataclass(frozen=True, slots=True)
class Lessons:
    """Dialogues to learn from, and others with wordings that were set aside."""

    train: list[Dialogue]
    held_out: list[Dialogue]


def adapt(bot: Bot, folder: Path, tools: Tools) -> None:
    """Train an adapter, merge it, and save the adapted model with the bot's settings.

    Args:
        bot: Its ``generation:`` block gives base, rank and epochs; rank 0 or 0 epochs trains
            none, and the folder then only names the base.
        folder: Receives the model.
        tools: Told the loss on held-out wordings before and after.

    Raises:
        ModelError: The base is missing or damaged.
        DataError: A file of dialogues is not of its form.
    """
    config = bot.config.generation or GenerationConfig()
    base = ready_folder(config.base)
    folder.mkdir(parents=True, exist_ok=True)
    lessons = lessons_of(bot, replay=is_built_in(config.base))
    adapted = bool(config.rank and config.epochs and lessons.train)
    settings = asdict(WriterSettings(max_tokens=config.max_tokens, floor=config.floor))
    saved = {**settings, "base": config.base, "adapted": adapted}
    (folder / SETTINGS).write_text(json.dumps(saved, indent=1), encoding="utf-8")
    if not adapted:
        tools.notice("Generator: no adapter is trained, the base answers as it is.")
        return
    tokenizer = open_tokenizer(base)
    model = _with_adapter(load_network(base), tokenizer, config.rank, foreign=not is_built_in(
        config.base))  # fmt: skip
    _fit(model, tokenizer, lessons, config.epochs, context_length(base), tools)
    model.merge_and_unload().half().save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt"):
        if (base / name).exists():
            shutil.copy(base / name, folder / name)


def lessons_of(bot: Bot, *, replay: bool, seed: int = 7) -> Lessons:
    """Collect what a bot's generator learns.

    Args:
        bot: The bot.
        replay: Whether dialogues of the built-in base's own service desk are mixed in. They are
            for that base: a few hundred short answers alone would make it forget how to chat.
            A foreign base never knew them, and learns from the bot alone.
        seed: Of the choice of wordings and of what is held out.
    """
    teller = StoryTeller(bot, seed=seed)
    rng = random.Random(seed)
    free = [within_guards(turns) for turns in own_dialogues(bot)]
    rng.shuffle(free)
    cut = len(free) // 10
    train = teller.tell() + free[cut:] * 2
    held_out = teller.tell(held_out=True, copies=1) + free[:cut]
    if replay:
        train += [within_guards(turns) for turns in shop_desk("train")]
    return Lessons([turns for turns in train if turns], [turns for turns in held_out if turns])


def _with_adapter(model: Any, tokenizer: Tokenizer, rank: int, *, foreign: bool) -> Any:  # noqa: ANN401
    quieten_bitsandbytes()  # which peft imports where it is installed
    from peft import LoraConfig, TaskType, get_peft_model

    torch.manual_seed(7)
    # On a CPU the fused attention is slower backwards at chat lengths.
    model.set_attn_implementation("eager")
    # New speaker tokens mean nothing to a foreign base: their embeddings are learned as well.
    rows = {"wte": sorted(special_ids(tokenizer).values())} if foreign else None
    adapter = LoraConfig(
        task_type=TaskType.CAUSAL_LM,
        r=rank,
        lora_alpha=2 * rank,
        target_modules=["c_attn", "c_proj", "c_fc"],
        fan_in_fan_out=True,
        trainable_token_indices=rows,
    )
    with warnings.catch_warnings():
        # peft still asks transformers by a name that is going out of use.
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, adapter)


def _fit(
    model: Any,  # noqa: ANN401 - a peft model
    tokenizer: Tokenizer,
    lessons: Lessons,
    epochs: int,
    context: int,
    tools: Tools,
) -> None:
    """Train for some passes; the rate rises for a tenth of the steps, then falls to zero."""
    rng = random.Random(7)
    held_out = list(_batches(lessons.held_out, tokenizer, context, rng))
    before = mean_loss(model, held_out)
    passes = [_batches(lessons.train, tokenizer, context, rng) for _ in range(epochs)]
    batches = [batch for each in passes for batch in each]
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=_RATE, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATE, total_steps=len(batches) + 1, pct_start=0.1, anneal_strategy="linear"
    )
    model.train()
    for done, batch in enumerate(batches, start=1):
        _loss(model, batch).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        tools.tick("Adapting the generator", done, len(batches))
    model.eval()
    if held_out:
        tools.notice(
            f"Generator: loss per token on replies to {len(lessons.held_out)} held-out wordings "
            f"{before:.2f} before, {mean_loss(model, held_out):.2f} after "
            f"({len(lessons.train)} dialogues, {epochs} passes)."
        )


@torch.inference_mode()
def mean_loss(model: Any, batches: list[dict[str, Tensor]]) -> float:  # noqa: ANN401
    """Mean loss in nats per token of the bot's turns; ``nan`` without batches."""
    model.eval()
    sums = [(float(_loss(model, b)), int((b["labels"][:, 1:] != -100).sum())) for b in batches]
    total = sum(count for _, count in sums)
    return sum(loss * count for loss, count in sums) / total if total else float("nan")


def _loss(model: Any, batch: dict[str, Tensor]) -> Tensor:  # noqa: ANN401
    """Mean loss of the bot's tokens; the vocabulary is scored at their places alone."""
    network = model.get_base_model()
    following = batch["labels"][:, 1:]  # [b, t - 1], b = dialogues, t = tokens
    spoken = following != -100
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = network.transformer(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
        ).last_hidden_state[:, :-1]
        logits = network.lm_head(hidden[spoken])  # [s, v], s = tokens of the bot, v = vocabulary
    return torch.nn.functional.cross_entropy(logits.float(), following[spoken])


def _batches(
    dialogues: list[Dialogue], tokenizer: Tokenizer, context: int, rng: random.Random
) -> Iterator[dict[str, Tensor]]:
    """Batches of like lengths in random order; half of the dialogues carry their labels."""
    rows = [
        encode_dialogue(tokenizer, turns, labels=rng.random() < 0.5)[:context]
        for turns in dialogues
    ]
    rows.sort(key=lambda ids: (len(ids), rng.random()))
    groups: list[list[list[int]]] = []
    for ids in rows:
        if not groups or len(ids) * (len(groups[-1]) + 1) > _BATCH_TOKENS:
            groups.append([])
        groups[-1].append(ids)
    rng.shuffle(groups)
    special = special_ids(tokenizer)
    for group in groups:
        yield _padded(group, special)


def _padded(group: list[list[int]], special: dict[str, int]) -> dict[str, Tensor]:
    wide = max(map(len, group))
    ids = torch.tensor([row + [special[PAD]] * (wide - len(row)) for row in group])
    labels = torch.full_like(ids, -100)
    for row, tokens in enumerate(group):
        speaking = False
        for column, token in enumerate(tokens):
            if speaking:
                labels[row, column] = token
            speaking = token == special[BOT] or (speaking and token != special[END])
    return {"input_ids": ids, "labels": labels, "attention_mask": ids.ne(special[PAD]).long()}
