"""The middleware that every request passes: origins, plain errors as JSON, safe headers."""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.component import ServerSettings
from assistant.errors import RejectedMessage

from .frames import RETRY_SECONDS
from .quiet_log import name_of
from .service import SERVICE

log = logging.getLogger(__name__)
_CODES = {404: "not_found", 405: "wrong_method", 413: "too_large"}
_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request's body is too large.",
}


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request in, and turn whatever goes wrong into one line of JSON."""
    settings = request.app[SERVICE].settings
    origin = request.headers.get("Origin")
    known = origin is None or is_allowed(origin, request.headers.get("Host", ""), settings)
    if not known and (request.method != "GET" or "Upgrade" in request.headers):
        response: web.StreamResponse = failure(
            403, "foreign_origin", "Websites of this origin may not talk to this server."
        )
    elif request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response = web.Response(status=204, headers=_PREFLIGHT)
    else:
        response = await _answer(request, handler)
    if not response.prepared:
        add_headers(response, origin if known else None)
    return response


_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
}


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RejectedMessage as rejected:
        return failure(rejected.status, rejected.code, str(rejected))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        words = _WORDS.get(error.status, f"{error.reason}.")
        response = failure(error.status, _CODES.get(error.status, "bad_request"), words)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except ConnectionResetError:
        raise
    except Exception as error:  # noqa: BLE001 - the client gets a plain line, the log the place
        log.error("%s %s failed: %s", request.method, request.path, name_of(error))
        return failure(500, "internal", "The server failed at this request.")


def failure(status: int, code: str, message: str) -> web.Response:
    """An error as JSON: ``{"error": code, "message": one line}``."""
    response = web.json_response({"error": code, "message": message}, status=status)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def add_headers(response: web.StreamResponse, origin: str | None) -> None:
    """Add what every answer carries, and for a website of another origin its permission."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"


def is_allowed(origin: str, host: str, settings: ServerSettings) -> bool:
    """Whether a website may talk to this server: its own pages, and those of ``cors``.

    Args:
        origin: The header of a browser, e.g. ``https://shop.example``.
        host: The ``Host`` header. A name that only *resolves* to this server does not make an
            origin its own (DNS rebinding): it must be an address, ``localhost``, or the name
            that the server listens on.
        settings: With the allowed origins; ``*`` allows every one.
    """
    wanted = origin.rstrip("/").lower()
    if "*" in settings.cors or wanted in {each.rstrip("/").lower() for each in settings.cors}:
        return True
    try:
        place = urlsplit(wanted)
        name = place.hostname or ""
        same = place.scheme in ("http", "https") and place.netloc == host.lower()
    except ValueError:
        return False
    return same and (name in ("localhost", settings.host.lower()) or _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
