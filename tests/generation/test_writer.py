"""The engines and the writer, on a tiny GPT-2 that was not trained."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.component import Engine
from assistant.messages import Draft, Prompt, Utterance
from generation.context import encode_context
from generation.corpora import shop_desk
from generation.dialogue_format import special_ids
from generation.engine import Limits, open_engine
from generation.gpt2_folder import open_tokenizer
from generation.writer import Writer, WriterSettings

ENGINES: list[Engine] = ["int8", "float"]


def contexts(folder: Path, number: int = 12) -> list[list[int]]:
    tokenizer = open_tokenizer(folder)
    talks = shop_desk("test")[:number]
    return [encode_context(tokenizer, talk[: 1 + 2 * (i % 3)], room=90)
            for i, talk in enumerate(talks)]  # fmt: skip


def decode(
    folder: Path, engine: Engine, prompts: list[list[int]], **limits: int
) -> list[list[int]]:
    ends = list(special_ids(open_tokenizer(folder)).values())
    written: list[list[int]] = [[] for _ in prompts]

    def take(row: int, token: int, log_prob: float) -> bool:
        assert log_prob <= 1e-6
        written[row].append(token)
        return False

    open_engine(folder, engine, ends).decode(prompts, Limits(max_tokens=20, **limits), take)
    return written


@pytest.mark.parametrize("engine", ENGINES)
def test_the_size_of_a_batch_never_changes_an_answer(tiny_gpt2: Path, engine: Engine) -> None:
    prompts = contexts(tiny_gpt2)

    together = decode(tiny_gpt2, engine, prompts)
    alone = [decode(tiny_gpt2, engine, [prompt])[0] for prompt in prompts]

    assert len({tuple(row) for row in together}) > 1
    assert together == alone


def test_both_engines_write_nearly_the_same(tiny_gpt2: Path) -> None:
    prompts = contexts(tiny_gpt2)

    first = [row[0] for row in decode(tiny_gpt2, "int8", prompts)]
    second = [row[0] for row in decode(tiny_gpt2, "float", prompts)]

    assert sum(a == b for a, b in zip(first, second, strict=True)) >= 9


@pytest.mark.parametrize("engine", ENGINES)
def test_scores_agree_with_transformers(tiny_gpt2: Path, engine: Engine) -> None:
    import torch
    from transformers import GPT2LMHeadModel

    rows = contexts(tiny_gpt2, 3)
    model = GPT2LMHeadModel.from_pretrained(str(tiny_gpt2)).eval()

    found = open_engine(tiny_gpt2, engine, [0]).score(rows)

    for row, values in zip(rows, found, strict=True):
        ids = torch.tensor([row])
        with torch.inference_mode():
            loss = float(model(input_ids=ids, labels=ids).loss)
        assert len(values) == len(row) - 1
        assert -sum(values) / len(values) == pytest.approx(loss, rel=0.03)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_ngram_comes_twice(tiny_gpt2: Path, engine: Engine) -> None:
    for row in decode(tiny_gpt2, engine, contexts(tiny_gpt2), no_repeat=2):
        pairs = list(pairwise(row))
        assert len(pairs) == len(set(pairs))


@pytest.mark.slow
def test_eight_bits_of_bitsandbytes_stay_quiet(
    tiny_gpt2: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("bitsandbytes")
    capfd.readouterr()

    written = decode(tiny_gpt2, "bnb", contexts(tiny_gpt2, 2))

    assert all(written)
    assert "MatMul8bitLt" not in "".join(capfd.readouterr())


def test_drafts_come_in_order_and_stream_what_they_say(tiny_gpt2: Path) -> None:
    writer = Writer(tiny_gpt2, settings=WriterSettings(max_tokens=20, floor=0.0))
    prompts = [Prompt(history=tuple(talk[:1])) for talk in shop_desk("test")[:6]]
    streamed = dict.fromkeys(range(6), "")

    def take(index: int, piece: str) -> bool:
        streamed[index] += piece
        return False

    drafts = writer.write(prompts, on_text=take)

    assert [draft.text for draft in drafts] == list(streamed.values())
    assert [writer.write([prompt])[0] for prompt in prompts] == drafts
    assert all(0 < draft.confidence <= 1 and draft.tokens <= 20 for draft in drafts)


def test_below_the_floor_the_draft_is_empty(tiny_gpt2: Path) -> None:
    writer = Writer(tiny_gpt2, settings=WriterSettings(floor=1.0))

    (draft,) = writer.write([Prompt(history=(Utterance("user", "hello"),))])

    assert draft.text == ""
    assert draft.confidence < 1


def test_no_prompt_and_no_history_are_answered_with_nothing(tiny_gpt2: Path) -> None:
    writer = Writer(tiny_gpt2)

    assert writer.write([]) == []
    assert writer.write([Prompt(history=())]) == [Draft(text="", confidence=0.0, tokens=0)]
