"""One batcher: model work waits in bounded queues, is taken together, and runs on threads.

A *lane* is a queue for one kind of work; its items go to the model together. A *thread* serves
one or more lanes, the lane whose first item waits longest first, so that a model which several
lanes use is never called from two threads at a time (rule 5 of assistant/component.py).

What is waiting when the thread becomes free is one batch: nobody waits for company.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import RejectedMessage

Run = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(kw_only=True, eq=False)
class _Item:
    work: Any
    order: int
    result: asyncio.Future[Any]


@dataclass(kw_only=True)
class _Lane:
    run: Run
    most_batch: int
    items: deque[_Item] = field(default_factory=deque)


@dataclass(kw_only=True)
class _Thread:
    pool: ThreadPoolExecutor
    lanes: dict[Hashable, _Lane] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Batcher:
    """Gathers requests and runs them in batches; lives on one event loop.

    Args:
        most_waiting: Items that may wait in one lane; more are rejected.
        most_batch: Items that go to a model together.
    """

    def __init__(self, *, most_waiting: int = 256, most_batch: int = 16) -> None:
        self.most_waiting = most_waiting
        self.most_batch = most_batch
        self._threads: dict[str, _Thread] = {}
        self._count = itertools.count()
        self._closed = False

    async def submit(
        self, lane: Hashable, work: object, *, run: Run, thread: str, most_batch: int | None = None
    ) -> Any:  # noqa: ANN401 - each lane has its own result
        """Do one piece of work, perhaps together with others of its lane.

        Args:
            lane: Work of equal lanes is batched.
            work: What ``run`` gets, in a list.
            run: The model; answers with one result for each piece, in order.
            thread: Name of the thread that runs the lane.
            most_batch: Items that go together in this lane; the batcher's own by default.

        Raises:
            RejectedMessage: The lane is full, or the batcher is closed (503).
        """
        if self._closed:
            raise _stopped()
        server = self._thread(thread)
        queue = server.lanes.get(lane)
        if queue is None:
            queue = server.lanes[lane] = _Lane(run=run, most_batch=most_batch or self.most_batch)
        if len(queue.items) >= self.most_waiting:
            raise RejectedMessage(
                "overloaded", "Too many messages are waiting. Send it again shortly.", status=503
            )
        result = asyncio.get_running_loop().create_future()
        item = _Item(work=work, order=next(self._count), result=result)
        queue.items.append(item)
        server.wake.set()
        try:
            return await result
        finally:
            with contextlib.suppress(ValueError):  # cancelled while waiting: give the place back
                queue.items.remove(item)

    def waiting(self) -> int:
        """Number of items that wait in all lanes."""
        return sum(len(q.items) for t in self._threads.values() for q in t.lanes.values())

    async def close(self) -> None:
        """Reject what waits and let the threads end after the batch they run."""
        self._closed = True
        for server in self._threads.values():
            if server.task is not None:
                server.task.cancel()
                await asyncio.gather(server.task, return_exceptions=True)
            for queue in server.lanes.values():
                for item in queue.items:
                    _fail(item, _stopped())
            server.pool.shutdown(wait=False, cancel_futures=True)

    def _thread(self, name: str) -> _Thread:
        server = self._threads.get(name)
        if server is None:
            pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"model-{name}")
            server = self._threads[name] = _Thread(pool=pool)
            server.task = asyncio.create_task(self._serve(server), name=f"batcher-{name}")
        return server

    async def _serve(self, server: _Thread) -> None:
        loop = asyncio.get_running_loop()
        while True:
            lane = _next_lane(server)
            if lane is None:
                server.wake.clear()
                await server.wake.wait()
                continue
            batch = [lane.items.popleft() for _ in range(min(len(lane.items), lane.most_batch))]
            try:
                outcomes = await loop.run_in_executor(
                    server.pool, run_batch, lane.run, [item.work for item in batch]
                )
            except asyncio.CancelledError:
                for item in batch:
                    _fail(item, _stopped())
                raise
            for item, outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    _fail(item, outcome)
                elif not item.result.done():
                    item.result.set_result(outcome)


def run_batch(run: Run, work: Sequence[Any]) -> list[Any]:
    """Run a batch; where it fails, run each piece alone, so that a fault stays with its own.

    Returns:
        For each piece, in order, its result or the exception that it raised.
    """
    try:
        results = list(run(work))
        if len(results) != len(work):
            raise RuntimeError(f"{len(results)} results for {len(work)} pieces of work")
    except Exception as error:  # noqa: BLE001 - it is handed to whoever asked
        if len(work) == 1:
            return [error]
        return [outcome for piece in work for outcome in run_batch(run, [piece])]
    return results


def _next_lane(server: _Thread) -> _Lane | None:
    filled = [lane for lane in server.lanes.values() if lane.items]
    return min(filled, key=lambda lane: lane.items[0].order, default=None)


def _fail(item: _Item, error: Exception) -> None:
    if not item.result.done():
        item.result.set_exception(error)


def _stopped() -> RejectedMessage:
    return RejectedMessage("draining", "The server is shutting down.", status=503)
