"""Call the Python of a bot's author so that it holds up nobody else.

An async function runs on the event loop. A plain one runs on a thread of its own, several at a
time, with the context variables of the caller: one that waits for a slow shop system keeps no
other conversation waiting. A thread cannot be ended from outside: where a plain function overruns
its time, nobody waits for it any more, and what it answers is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from .errors import ActionError, ActionTimeout

SECONDS = 60.0


async def call(function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401
    """Call a plain or async function; returns or raises what it does."""
    if inspect.iscoroutinefunction(function):
        return await function(*args)
    result = await _on_a_thread(function, *args)
    return await result if inspect.isawaitable(result) else result


async def call_within(
    seconds: float, what: str, function: Callable[..., Any], *args: object
) -> Any:  # noqa: ANN401
    """Call a plain or async function, for so long at most.

    Args:
        seconds: After them it is given up.
        what: What it is, for the log, e.g. ``"action action_find"``.
        function: Of the bot's author.
        args: Its arguments.

    Raises:
        ActionTimeout: It is not done in time.
        ActionError: It failed.
    """
    task = asyncio.ensure_future(call(function, *args))
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise ActionTimeout(
                f"{what}: given up after {seconds:g} s. Make it faster, or allow more in "
                f"config.yml: actions: {{seconds: {2 * seconds:g}}}"
            )
        return task.result()
    except ActionTimeout:
        raise
    except Exception as error:
        raise ActionError(f"{what}: {type(error).__name__}: {error}") from error
    finally:
        task.cancel()


async def _on_a_thread(function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401
    """Run a plain function on a daemon thread, which keeps no program from ending.

    A pool would be full once as many functions hang as it has threads.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Callable[[], Any]] = loop.create_future()
    context = copy_context()

    def work() -> None:
        outcome = _outcome(lambda: context.run(function, *args))
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(tell, outcome)

    def tell(outcome: Callable[[], Any]) -> None:
        if not done.done():
            done.set_result(outcome)

    threading.Thread(target=work, name=f"call {_name(function)}", daemon=True).start()
    return (await done)()


def _outcome(work: Callable[[], Any]) -> Callable[[], Any]:
    """Do some work now; what it gives or raises is given or raised by the returned function."""
    try:
        result = work()
    except SystemExit as wish:  # exit() in a bot's code ends no server
        error: Exception = RuntimeError(f"it called exit({wish.code})")
    except Exception as fault:  # noqa: BLE001 - it is raised where it is waited for
        error = fault
    else:
        return lambda: result

    def fail() -> Any:  # noqa: ANN401
        raise error

    return fail


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)
