"""Run work in a transaction: in a thread of its own for SQLite, asynchronously elsewhere.

An SQLite statement takes some microseconds, a change of threads many more: there, all statements
of a transaction run in one go, one transaction at a time. SQLite has one writer anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

Result = TypeVar("Result")


class Database(Protocol):
    """Where transactions run."""

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a transaction; what it raises undoes all of it and is raised here."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


def open_database(address: str) -> Database:
    """Return the database at an SQLAlchemy address; it connects at its first transaction."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return SqliteDatabase(url.set(drivername="sqlite"))
    return ServerDatabase(create_async_engine(url))


class SqliteDatabase:
    """One connection to a file (WAL), used by one thread."""

    def __init__(self, url: URL) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._engine: Engine = create_engine(
            url, poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        event.listen(self._engine, "connect", _tune)

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a transaction."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="conversations")
        running = asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)
        return await asyncio.shield(running)

    def _run(self, work: Callable[[Connection], Result]) -> Result:
        with self._engine.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Close the connection after what is under way."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._engine.dispose)
            thread.shutdown(wait=False)


class ServerDatabase:
    """A pool of connections to a database server."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a transaction."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def _tune(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
