"""What 8 bit costs and gives the generator: size, perplexity and speed of each engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from assistant.component import Engine, EngineFigures
from assistant.messages import Prompt

from .context import encode_context
from .corpora import shop_desk
from .dialogue_score import perplexity, score_words
from .engine import Limits
from .loading import load_writer
from .writer import Writer


def compare(folder: Path | None, engines: Sequence[Engine]) -> list[EngineFigures]:
    """Measure a generator in each engine on the service desk's test dialogues.

    Args:
        folder: What a training saved, a GPT-2 folder, or ``None``: the built-in base.
        engines: Which ways to hold the numbers.

    Raises:
        ModelError: The model is missing or damaged.
    """
    return [_figures(load_writer(folder, engine), engine) for engine in engines]


def _figures(writer: Writer, engine: Engine) -> EngineFigures:
    dialogues = shop_desk("test")
    scores = score_words(writer.engine, writer.tokenizer, dialogues, context=writer.context)
    surprise = perplexity([score for row in scores for score in row])
    prompts = [Prompt(history=tuple(turns[:3])) for turns in dialogues if len(turns) > 3]
    return EngineFigures(
        model="generator",
        engine=engine,
        bytes=writer.engine.bytes,
        quality={"perplexity per word": surprise.per_word},
        speed=tokens_per_second(writer, prompts, together=False),
        unit="tokens",
    )


def tokens_per_second(
    writer: Writer, prompts: Sequence[Prompt], *, together: bool, length: int = 32
) -> float:
    """Speed of decoding, reading the prompts included; nothing is guarded or cut.

    Args:
        writer: A loaded generator.
        prompts: What is answered.
        together: In one call, as a busy server does, or one after the other.
        length: Most tokens per reply.
    """
    limits = Limits(max_tokens=length)
    contexts = [
        encode_context(writer.tokenizer, prompt.history, room=writer.context - length)
        for prompt in prompts
    ]
    written = 0

    def count(_row: int, _token: int, _log_prob: float) -> bool:
        nonlocal written
        written += 1
        return False

    writer.engine.decode(contexts[:1], limits, count)  # the first call warms up
    written = 0
    began = time.perf_counter()
    for batch in [contexts] if together else [[context] for context in contexts]:
        writer.engine.decode(batch, limits, count)
    return written / (time.perf_counter() - began)
