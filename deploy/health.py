"""Is it alive, is it ready, which version is it."""

from __future__ import annotations

from aiohttp import web

from assistant.model_folder import trilogue_version

from .gate import failure
from .service import SERVICE


async def healthz(_request: web.Request) -> web.Response:
    """The process runs; true from the first moment to the last."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Every model has answered once, and the server is not shutting down."""
    phase = request.app[SERVICE].phase
    if phase != "ready":
        words = {"loading": "The models are still loading.", "draining": "Shutting down."}
        return failure(503, phase, words[phase])
    return web.json_response({"status": "ready"})


async def version(request: web.Request) -> web.Response:
    """The program's version and the model's name."""
    model = request.app[SERVICE].model
    return web.json_response(
        {"version": trilogue_version(), "model": model.folder.name if model else None}
    )


def add_routes(app: web.Application) -> None:
    """Add the three routes."""
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/version", version)
