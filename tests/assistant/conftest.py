"""Fixtures of the assistant's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from agents import MakeAgent, agents_of


@pytest_asyncio.fixture
async def make_agent(tmp_path: Path) -> AsyncIterator[MakeAgent]:
    """Give a function that makes agents; all of them share one store's file."""
    async with asynccontextmanager(agents_of)(tmp_path) as make:
        yield make
