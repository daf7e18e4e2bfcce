from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from assistant.errors import TrilogueError
from deploy.server import Server
from deploy.website import website_files

StartServer = Callable[..., Awaitable[Server]]


@pytest.fixture
def website(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "site"
    (folder / "more").mkdir(parents=True)
    (folder / "index.html").write_text("<p>chat</p>", encoding="utf-8")
    (folder / "widget.js").write_text("'chat'", encoding="utf-8")
    (folder / "more" / "style.css").write_text("p {}", encoding="utf-8")
    (folder / ".env.txt").write_text("secret", encoding="utf-8")
    (folder / "model.bin").write_bytes(b"secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/widget.js", "text/javascript"),
        ("/more/style.css", "text/css"),
    ],
)
async def test_a_file_has_its_type(
    start_server: StartServer, http: aiohttp.ClientSession, website: Path, path: str, kind: str
) -> None:
    server = await start_server(website=website)

    async with http.get(server.address + path) as got:
        assert (got.status, got.content_type) == (200, kind)
        assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_page_has_a_policy_and_the_widget_may_be_kept(
    start_server: StartServer, http: aiohttp.ClientSession, website: Path
) -> None:
    server = await start_server(website=website)

    async with (
        http.get(server.address + "/") as page,
        http.get(server.address + "/widget.js") as widget,
    ):
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "max-age" in widget.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/more/../../secret.txt",
     "/.env.txt", "/model.bin", "/link.txt", "//secret.txt", "/more", "/%00"],
)  # fmt: skip
async def test_nothing_outside_the_website_is_served(
    start_server: StartServer, http: aiohttp.ClientSession, website: Path, path: str
) -> None:
    server = await start_server(website=website)

    async with http.get(URL(server.address + path, encoded=True)) as got:
        assert got.status in (400, 404)
        assert "secret" not in (await got.text()).replace("/secret", "")


async def test_without_a_website_the_server_greets(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    async with http.get(server.address + "/") as got:
        assert (await got.json())["chat"] == "/ws"


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrilogueError, match="no such folder"):
        website_files(tmp_path / "nowhere")
