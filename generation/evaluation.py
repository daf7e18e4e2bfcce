"""Measure a generator: perplexity, BLEU against what was said, and how varied its replies are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.bot import Bot
from assistant.component import Engine, Tools
from assistant.messages import Prompt

from .bot_dialogues import read_dialogues
from .corpora import Dialogue, shop_desk
from .dialogue_score import perplexity, score_words
from .loading import load_writer
from .writer import Writer

_BATCH = 16


def test_dialogues(bot: Bot) -> dict[str, list[Dialogue]]:
    """The dialogues that a bot's generator is measured on, by name.

    Those of the bot's own ``tests/*.jsonl`` files, and the service desk's test part, which no
    training reads.

    Raises:
        DataError: A file is not of its form.
    """
    own = [
        dialogue
        for path in sorted(bot.root.glob("tests/**/*.jsonl"))
        for dialogue in read_dialogues(path)
    ]
    found = {"own": own, "shop_desk": shop_desk("test")}
    return {name: dialogues for name, dialogues in found.items() if dialogues}


def evaluate_generator(
    bot: Bot,
    folder: Path | None = None,
    *,
    engine: Engine = "int8",
    tools: Tools | None = None,
    dialogues: dict[str, list[Dialogue]] | None = None,
) -> dict[str, Any]:
    """Measure a bot's generator.

    Args:
        bot: The bot.
        folder: What `adaptation.adapt` saved; ``None``: the built-in base.
        engine: How its numbers are held.
        tools: Told how it goes.
        dialogues: What it is measured on, by name; `test_dialogues` without.

    Returns:
        For each set of dialogues: ``perplexity_per_word``, ``perplexity_per_token``, ``words``,
        ``replies``, ``answered`` (share that passed floor and guards), ``bleu`` with
        ``bleu_signature``, ``distinct_1``, ``distinct_2``, ``mean_confidence``, ``examples``.

    Raises:
        ModelError: The model is missing or damaged.
        DataError: A file of dialogues is not of its form.
    """
    tools = tools or Tools()
    writer = load_writer(folder, engine)
    chosen = test_dialogues(bot) if dialogues is None else dialogues
    return {name: measure(writer, found, tools) for name, found in chosen.items()}


def measure(writer: Writer, dialogues: Sequence[Dialogue], tools: Tools) -> dict[str, Any]:
    """Measure a writer on one set of dialogues; see `evaluate_generator`."""
    scores = score_words(writer.engine, writer.tokenizer, dialogues, context=writer.context)
    surprise = perplexity([score for row in scores for score in row])
    asked = [
        (Prompt(history=tuple(turns[:i])), turns[i].text)
        for turns in dialogues
        for i in range(1, len(turns))
        if turns[i].speaker == "bot"
    ]
    drafts = []
    for start in range(0, len(asked), _BATCH):
        drafts += writer.write([prompt for prompt, _ in asked[start : start + _BATCH]])
        tools.tick("Measuring the generator", len(drafts), len(asked))
    texts = [draft.text for draft in drafts]
    answered = [text for text in texts if text]
    return {
        "perplexity_per_word": surprise.per_word,
        "perplexity_per_token": surprise.per_token,
        "words": surprise.words,
        "replies": len(texts),
        "answered": len(answered) / max(1, len(texts)),
        "mean_confidence": sum(draft.confidence for draft in drafts) / max(1, len(drafts)),
        **bleu(texts, [reference for _, reference in asked]),
        "distinct_1": distinct(answered, 1),
        "distinct_2": distinct(answered, 2),
        "examples": [
            {"user": prompt.history[-1].text, "bot": draft.text, "reference": reference}
            for (prompt, reference), draft in list(zip(asked, drafts, strict=True))[:20]
        ],
    }


def bleu(texts: Sequence[str], references: Sequence[str]) -> dict[str, Any]:
    """SacreBLEU of replies against what was really said (Post 2018), with its signature.

    Where a conversation may go on in many ways one reference says little: a few points are usual.
    """
    from sacrebleu.metrics.bleu import BLEU

    if not texts:
        return {"bleu": 0.0, "bleu_signature": ""}
    metric = BLEU()
    score = metric.corpus_score(list(texts), [list(references)])
    return {"bleu": score.score, "bleu_signature": str(metric.get_signature())}


def distinct(texts: Sequence[str], n: int) -> float:
    """Share of different n-grams (n is 1 or 2) among all, in [0, 1].

    Source: Li et al. 2016, "A Diversity-Promoting Objective Function", section 5.
    """
    grams: list[tuple[str, ...]] = []
    for text in texts:
        words = text.lower().split()
        grams += pairwise(words) if n == 2 else [(word,) for word in words]
    return len(set(grams)) / len(grams) if grams else 0.0
