"""The entry point ``server``: see `assistant.component.ServerPart`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from assistant.bot import Bot
from assistant.component import ServerSettings
from assistant.endpoints import Address

from .action_server import ActionServer
from .limits import Limits
from .nlg_server import NlgServer
from .server import Server, serve_until


def remote_actions(address: Address | str, bot: Bot) -> ActionServer:
    """Return what runs a bot's actions at an action server; it is closed after use."""
    return ActionServer(address, bot)


def remote_words(address: Address) -> NlgServer:
    """Return what has responses worded by an NLG server; it is closed after use."""
    return NlgServer(address)


def serve(
    settings: ServerSettings, *, on_ready: Callable[[str], None], limits: Limits | None = None
) -> None:
    """Serve until SIGINT or SIGTERM; a second signal ends at once.

    Args:
        settings: What is served, where.
        on_ready: Gets the address once every model has answered.
        limits: What the server bears.

    Raises:
        TrilogueError: The port is taken, a model is missing, the store cannot be opened.
    """

    async def run() -> None:
        ended = asyncio.Event()

        def end() -> None:
            if ended.is_set():
                os._exit(1)
            ended.set()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, end)
        await serve_until(Server(settings, limits), ended, on_ready)

    asyncio.run(run())


@contextmanager
def running(settings: ServerSettings, *, limits: Limits | None = None) -> Iterator[str]:
    """Serve on a thread of this process while the context is open; gives the address.

    Raises:
        TrilogueError: As `serve`.
    """
    told: SimpleQueue[str | BaseException] = SimpleQueue()
    ends: SimpleQueue[Callable[[], object]] = SimpleQueue()

    async def run() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        ends.put(lambda: loop.call_soon_threadsafe(ended.set))
        await serve_until(Server(settings, limits), ended, told.put)

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            told.put(error)

    thread = threading.Thread(target=work, name="server", daemon=True)
    thread.start()
    end = ends.get()
    try:
        outcome = told.get()
        if isinstance(outcome, BaseException):
            raise outcome
        yield outcome
    finally:
        with contextlib.suppress(RuntimeError):  # its loop is closed already
            end()
        thread.join()
