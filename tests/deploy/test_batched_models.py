from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes import FakeGenerator, FakeTranslator, fake_understanding_of

from assistant.bot import load_bot
from assistant.messages import Prompt, Utterance
from assistant.models import DirectModels, Reading
from deploy.batched_models import BatchedModels
from deploy.batcher import Batcher

TINY = Path(__file__).parent.parent / "bots" / "tiny"
MESSAGES = ["hello", "你好", "it is 4711", "opening hours", "谢谢", "tell me a story", "/greet"]


def reading() -> Reading:
    bot = load_bot(TINY)
    understanding = fake_understanding_of(bot)
    return Reading(
        understanding=understanding, languages=bot.languages, translator=FakeTranslator()
    )


@pytest.fixture
async def batcher() -> AsyncIterator[Batcher]:
    made = Batcher()
    yield made
    await made.close()


def prompt(text: str) -> Prompt:
    return Prompt(history=(Utterance("user", text),))


async def test_batched_and_unbatched_are_equal(batcher: Batcher) -> None:
    direct = DirectModels(reading=reading(), generator=FakeGenerator())
    batched = BatchedModels(reading(), FakeGenerator(), batcher)

    assert await asyncio.gather(*map(batched.understand, MESSAGES)) == [
        await direct.understand(text) for text in MESSAGES
    ]
    drafts = await asyncio.gather(*(batched.write(prompt(text)) for text in MESSAGES))
    assert drafts == [await direct.write(prompt(text)) for text in MESSAGES]
    assert batched.generator is not None
    assert max(batched.generator.batches) > 1  # type: ignore[attr-defined]


async def test_translations_of_one_pair_go_together_and_come_back_apart(batcher: Batcher) -> None:
    models = BatchedModels(reading(), None, batcher)

    first, second, third = await asyncio.gather(
        models.translate(["a", "b"], source="en", target="zh"),
        models.translate(["c"], source="en", target="zh", keep=["c"]),
        models.translate(["你好"], source="zh", target="en"),
    )

    assert (first, second, third) == (["[zh] a", "[zh] b"], ["[zh] c"], ["hello"])
    assert await models.translate(["x"], source="en", target="fr") == ["x"]


async def test_each_reply_of_a_batch_streams_to_its_own_reader(batcher: Batcher) -> None:
    models = BatchedModels(reading(), FakeGenerator(words=5), batcher)
    heard: dict[str, list[str]] = {"a": [], "b": []}

    def listen(name: str, most: int) -> object:
        def on_text(text: str) -> bool:
            heard[name].append(text)
            return len(heard[name]) >= most

        return models.write(prompt(name), on_text)

    a, b = await asyncio.gather(listen("a", 99), listen("b", 99))  # type: ignore[call-overload]

    assert "".join(heard["a"]) == a.text == "You said a word word word word word"
    assert "".join(heard["b"]) == b.text == "You said b word word word word word"


async def test_a_stop_ends_one_row_and_not_the_other(batcher: Batcher) -> None:
    models = BatchedModels(reading(), FakeGenerator(words=20, seconds=0.01), batcher)

    stopped, whole = await asyncio.gather(
        models.write(prompt("a"), lambda _text: True), models.write(prompt("b"))
    )

    assert len(stopped.text.split()) < 10
    assert len(whole.text.split()) == 23


async def test_a_cancelled_reader_ends_its_row(batcher: Batcher) -> None:
    generator = FakeGenerator(words=200, seconds=0.01)
    models = BatchedModels(reading(), generator, batcher)
    task = asyncio.create_task(models.write(prompt("a")))
    while generator.written < 3:  # noqa: ASYNC110 - a thread counts
        await asyncio.sleep(0.005)

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await models.write(prompt("b"), lambda _text: True)  # waits for the thread

    assert generator.written < 50


async def test_a_row_that_breaks_its_batch_fails_alone_and_nothing_is_streamed_twice(
    batcher: Batcher,
) -> None:
    models = BatchedModels(reading(), FakeGenerator(fails_on="explode"), batcher)
    heard: list[str] = []

    broken, fine = await asyncio.gather(
        models.write(prompt("explode")),
        models.write(prompt("b"), lambda text: bool(heard.append(text))),
        return_exceptions=True,
    )

    assert isinstance(broken, RuntimeError)
    assert not isinstance(fine, BaseException)
    assert "".join(heard) == fine.text


async def test_a_warm_up_reaches_every_model(batcher: Batcher) -> None:
    read, generator = reading(), FakeGenerator()
    models = BatchedModels(read, generator, batcher)

    await models.warm_up()

    assert read.understanding.batches == [1]  # type: ignore[attr-defined]
    assert read.translator.batches == [1, 1]  # type: ignore[union-attr]
    assert generator.batches == [1]
