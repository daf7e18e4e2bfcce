from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence

import pytest

from assistant.errors import RejectedMessage
from deploy.batcher import Batcher


@pytest.fixture
async def batcher() -> AsyncIterator[Batcher]:
    made = Batcher(most_waiting=4, most_batch=3)
    yield made
    await made.close()


class Doubler:
    """Doubles numbers; remembers its batches; waits until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        assert self.go.wait(5)
        if 13 in numbers:
            raise ValueError("thirteen")
        return [2 * number for number in numbers]


async def test_what_waits_is_taken_together_and_each_gets_its_own(batcher: Batcher) -> None:
    model = Doubler()

    results = await asyncio.gather(
        *(batcher.submit("lane", i, run=model, thread="t") for i in range(4))
    )

    assert results == [0, 2, 4, 6]
    assert [len(batch) for batch in model.batches] == [3, 1]


async def test_lanes_are_not_mixed(batcher: Batcher) -> None:
    one, two = Doubler(), Doubler()

    await asyncio.gather(
        batcher.submit(1, 1, run=one, thread="t"), batcher.submit(2, 2, run=two, thread="t"),
        batcher.submit(1, 3, run=one, thread="t"),
    )  # fmt: skip

    assert (one.batches, two.batches) == ([[1, 3]], [[2]])


async def test_a_failed_item_fails_only_itself(batcher: Batcher) -> None:
    model = Doubler()

    results = await asyncio.gather(
        *(batcher.submit("lane", i, run=model, thread="t") for i in (1, 13, 2)),
        return_exceptions=True,
    )

    assert (results[0], results[2]) == (2, 4)
    assert isinstance(results[1], ValueError)


async def test_a_full_lane_rejects_and_a_cancelled_item_gives_its_place_back(
    batcher: Batcher,
) -> None:
    model = Doubler()
    model.go.clear()
    running = asyncio.create_task(batcher.submit("lane", 0, run=model, thread="t"))
    while not model.batches:  # noqa: ASYNC110 - a thread counts
        await asyncio.sleep(0.001)
    waiting = [
        asyncio.create_task(batcher.submit("lane", i, run=model, thread="t")) for i in range(1, 5)
    ]
    await asyncio.sleep(0)

    with pytest.raises(RejectedMessage) as refused:
        await batcher.submit("lane", 9, run=model, thread="t")
    assert (refused.value.status, refused.value.code) == (503, "overloaded")

    waiting[0].cancel()
    await asyncio.gather(waiting[0], return_exceptions=True)
    late = asyncio.create_task(batcher.submit("lane", 5, run=model, thread="t"))
    await asyncio.sleep(0)
    model.go.set()

    assert await asyncio.gather(running, *waiting[1:], late) == [0, 4, 6, 8, 10]
    assert 1 not in [number for batch in model.batches for number in batch]


async def test_the_event_loop_is_free_while_a_model_works(batcher: Batcher) -> None:
    def slow(numbers: Sequence[int]) -> list[int]:
        time.sleep(0.2)
        return list(numbers)

    work = asyncio.create_task(batcher.submit("lane", 1, run=slow, thread="t"))
    ticks = 0
    while not work.done():
        await asyncio.sleep(0.01)
        ticks += 1

    assert ticks > 5


async def test_a_closed_batcher_lets_nobody_wait_for_ever() -> None:
    batcher = Batcher()
    model = Doubler()
    model.go.clear()
    tasks = [asyncio.create_task(batcher.submit(lane, 1, run=model, thread="t")) for lane in (1, 2)]
    while not model.batches:  # noqa: ASYNC110 - a thread counts
        await asyncio.sleep(0.001)

    await batcher.close()
    model.go.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(result, RejectedMessage) for result in results)
    with pytest.raises(RejectedMessage):
        await batcher.submit(1, 1, run=model, thread="t")
