"""A real browser, and a real server with models without weights."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import fakes
import pytest
from playwright.async_api import Page, async_playwright

from assistant.component import ServerSettings
from assistant.training import train_bot
from deploy import part as server_part
from ui.part import website

TINY = Path(__file__).parent.parent / "bots" / "tiny"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
async def tab() -> AsyncIterator[Page]:
    """A window of a fresh browser that has never been anywhere."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page()
        page.set_default_timeout(20_000)
        yield page
        await browser.close()


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Serve the tiny bot on a free port; gives the address. ``generator``: the fake's options."""
    fakes.install(set_part=monkeypatch.setattr)
    train_bot(TINY, out=tmp_path / "models")
    with ExitStack() as stack:

        def start(generator: dict[str, Any] | None = None, **settings: object) -> str:
            fakes.install(generator=generator, set_part=monkeypatch.setattr)
            values = {
                "models": tmp_path / "models",
                "store": tmp_path / "chats.db",
                "port": 0,
                "website": website(),
                **settings,
            }
            return stack.enter_context(
                server_part.running(ServerSettings(**values))  # type: ignore[arg-type]
            )

        yield start
