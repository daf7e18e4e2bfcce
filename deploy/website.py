"""The plain website page and the widget, served from one folder.

The folder is read once, at the start: each of its files becomes a route of its own, so that no
path which a client makes up is ever looked for on the disk.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from aiohttp import web

from assistant.errors import TrilogueError

MOST_FILES = 500
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
POLICY = (
    "default-src 'self'; img-src 'self' data: https:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HOUR = "public, max-age=3600"


def add_routes(app: web.Application, folder: Path | None) -> None:
    """Add a route for each file, and ``/`` for ``index.html``; without a folder a greeting.

    Raises:
        TrilogueError: The folder is missing or far too full to be a website.
    """
    if folder is None:
        app.router.add_get("/", _greeting)
        return
    for address, path in website_files(folder).items():
        app.router.add_get(address, partial(_file, path=path))


def website_files(folder: Path) -> dict[str, Path]:
    """Return what is served: addresses and files.

    Hidden files, links that lead out of the folder, and files of unknown type are left out.

    Raises:
        TrilogueError: See `add_routes`.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise TrilogueError(f"{folder}: no such folder; the website is expected there.")
    found: dict[str, Path] = {}
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        hidden = any(part.startswith(".") for part in place.parts)
        if hidden or path.suffix.lower() not in TYPES or not path.is_file():
            continue
        if not path.resolve().is_relative_to(root) or not str(place).isprintable():
            continue
        found[f"/{place.as_posix()}"] = path
        if place.name == "index.html":
            found["/" + f"{place.parent.as_posix()}/".removeprefix("./")] = path
        if len(found) > MOST_FILES:
            raise TrilogueError(f"{folder}: holds more than {MOST_FILES} files; is it a website?")
    return {address: path for address, path in found.items() if not set("{}") & set(address)}


async def _file(_request: web.Request, path: Path) -> web.StreamResponse:
    kind = TYPES[path.suffix.lower()]
    headers = {"Content-Type": kind, "Cache-Control": _HOUR}
    if path.suffix.lower() == ".html":
        headers |= {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "same-origin",
        }
    return web.FileResponse(path, headers=headers)


async def _greeting(_request: web.Request) -> web.Response:
    return web.json_response(
        {"hello": "This is a Trilogue server.", "chat": "/ws", "rest": "/webhooks/rest/webhook"}
    )
