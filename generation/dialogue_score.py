"""Perplexity of dialogues, per word and per token."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from .corpora import Dialogue
from .dialogue_format import BOT, END, USER, special_ids
from .engine import DecodingEngine

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class WordScore:
    """One word of a dialogue: its log probability in nats, the sum over its tokens."""

    word: str
    log_prob: float
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Perplexity:
    """How surprised a model is.

    Attributes:
        per_word: ``exp`` of the mean loss in nats per word.
        per_token: The same per token of the model's own vocabulary.
        words: Number of words.
        tokens: Number of tokens.
    """

    per_word: float
    per_token: float
    words: int
    tokens: int


def perplexity(scores: Sequence[WordScore]) -> Perplexity:
    """Sum up the scores of words; ``nan`` without any."""
    loss = -sum(score.log_prob for score in scores)
    words, tokens = len(scores), sum(score.tokens for score in scores)
    if not words:
        return Perplexity(per_word=math.nan, per_token=math.nan, words=0, tokens=0)
    return Perplexity(
        per_word=math.exp(loss / words),
        per_token=math.exp(loss / tokens),
        words=words,
        tokens=tokens,
    )


def words_of(tokenizer: Tokenizer, text: str) -> list[str]:
    """Split a text into GPT-2's words: letters, digits or signs in a row, ``'s`` and the like.

    Tokens never cross the borders of these words (Radford et al. 2019, section 2.2), so that a
    word's probability is the product of those of its tokens.
    """
    pieces = tokenizer.pre_tokenizer.pre_tokenize_str(text)
    return [text[start:end].strip() for _, (start, end) in pieces]


def score_words(
    engine: DecodingEngine, tokenizer: Tokenizer, dialogues: Sequence[Dialogue], *, context: int
) -> list[list[WordScore]]:
    """Score every word that somebody says; the words are scored, the speaker tokens are given.

    Labels are left out. Long dialogues are read in windows that overlap by half, so that every
    word but those of the first half window has at least half a window before it.

    Args:
        engine: The model.
        tokenizer: From `open_tokenizer`.
        dialogues: What is scored.
        context: Tokens that the model reads at most.

    Returns:
        For each dialogue its words, in order.
    """
    rows = [_encode(tokenizer, turns) for turns in dialogues]
    windows: list[list[int]] = []
    places: list[tuple[int, int, int]] = []  # row, start of window, first new position
    for index, (ids, _) in enumerate(rows):
        for start in range(0, max(1, len(ids) - context // 2), context // 2):
            windows.append(ids[start : start + context])
            places.append((index, start, start + (context // 2 if start else 1)))
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
    scored = dict(zip(order, engine.score([windows[i] for i in order]), strict=True))
    log_probs = [[0.0] * len(ids) for ids, _ in rows]
    for i, (row, start, fresh) in enumerate(places):
        for position in range(fresh, start + len(windows[i])):
            log_probs[row][position] = scored[i][position - start - 1]
    return [
        [WordScore(word, sum(values[first:last]), last - first) for word, first, last in spans]
        for (_, spans), values in zip(rows, log_probs, strict=True)
    ]


def _encode(tokenizer: Tokenizer, turns: Dialogue) -> tuple[list[int], list[tuple[str, int, int]]]:
    """Return a dialogue's token ids and its words as (word, first token, after its last)."""
    special = special_ids(tokenizer)
    ids: list[int] = []
    spans: list[tuple[str, int, int]] = []
    for turn in turns:
        ids.append(special[BOT if turn.speaker == "bot" else USER])
        begin = len(ids)
        encoded = tokenizer.encode(turn.text, add_special_tokens=False)
        words = words_of(tokenizer, turn.text)
        for index, group in groupby(index or 0 for index in encoded.word_ids):
            length = len(list(group))
            spans.append((words[index], len(ids), len(ids) + length))
            ids += encoded.ids[len(ids) - begin : len(ids) - begin + length]
        if turn.speaker == "bot":
            ids.append(special[END])
    return ids, spans
