from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from assistant.author_code import call, call_within
from assistant.errors import ActionError, ActionTimeout

CUSTOMER: ContextVar[str] = ContextVar("customer", default="nobody")


async def test_a_plain_function_that_waits_holds_up_nobody_else() -> None:
    may_end = threading.Event()
    waiting = asyncio.ensure_future(call(may_end.wait, 5.0))

    await asyncio.sleep(0.05)  # the loop goes on
    may_end.set()

    assert await waiting is True


async def test_many_plain_functions_may_wait_at_the_same_time() -> None:
    together = threading.Barrier(40, timeout=5.0)

    places = await asyncio.gather(*(call(together.wait) for _ in range(40)))

    assert sorted(places) == list(range(40))  # none waited for another to end


async def test_a_plain_function_sees_the_context_variables_of_its_caller() -> None:
    CUSTOMER.set("Ann")

    assert await call(CUSTOMER.get) == "Ann"


async def _wait() -> None:
    await asyncio.sleep(5.0)


def _sleep() -> None:
    time.sleep(0.5)


@pytest.mark.parametrize("function", [_wait, _sleep])
async def test_what_takes_too_long_is_given_up(function: Callable[[], object]) -> None:
    began = time.monotonic()

    with pytest.raises(ActionTimeout, match=r"action a: given up after 0\.05 s\. .*seconds: 0\.1"):
        await call_within(0.05, "action a", function)

    assert time.monotonic() - began < 0.4


async def test_a_timeout_of_the_functions_own_is_a_failure_like_any_other() -> None:
    def fail() -> None:
        raise TimeoutError("the shop is slow")

    with pytest.raises(ActionError, match="action a: TimeoutError: the shop is slow") as caught:
        await call_within(5.0, "action a", fail)

    assert not isinstance(caught.value, ActionTimeout)


async def test_exit_in_a_function_ends_no_server() -> None:
    with pytest.raises(ActionError, match=r"action a: RuntimeError: it called exit\(3\)"):
        await call_within(5.0, "action a", exit, 3)


async def test_a_turn_that_is_cancelled_cancels_its_function() -> None:
    ended = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.sleep(5.0)
        finally:
            ended.set()

    turn = asyncio.ensure_future(call_within(5.0, "action a", wait))
    await asyncio.sleep(0.01)
    turn.cancel()

    assert await asyncio.wait_for(ended.wait(), 1.0)
