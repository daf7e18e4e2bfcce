"""The middleware that every request passes: origins, plain errors as JSON, safe headers."""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.errors import RejectedMessage

from .frames import RETRY_SECONDS
from .origins import ORIGINS
from .quiet_log import name_of

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
    origins = request.app[ORIGINS]
    host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    foreign = origins.refusal_of_origin(origin, host) if origin is not None else None
    asks_much = request.method != "GET" or "Upgrade" in request.headers
    if wrong_name := origins.refusal_of_host(host):
        response: web.StreamResponse = failure(403, "foreign_host", wrong_name)
    elif foreign and asks_much:
        response = failure(403, "foreign_origin", foreign)
    elif request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response = web.Response(status=204, headers=_PREFLIGHT)
    else:
        response = await _answer(request, handler)
    if not response.prepared:
        add_headers(response, None if foreign else origin)
    return response


_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
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
