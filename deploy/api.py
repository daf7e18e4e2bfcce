"""Rasa's HTTP API: what is understood of a text, and the tracker of a conversation.

These routes show conversations to whoever asks, so they exist only where ``--enable-api`` opens
them, and ask for the token of ``--auth-token`` where there is one: as ``?token=…`` like Rasa, or as
``Authorization: Bearer …``, which no log of addresses keeps.

Source: Rasa 3 "HTTP API" (``POST /model/parse``, ``GET /conversations/{id}/tracker``) and its
"Token Based Auth".
"""

from __future__ import annotations

import hmac
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.agent import clean_message
from assistant.component import ServerSettings
from assistant.dialogue.tracker import Verbosity
from assistant.errors import RejectedMessage
from assistant.parse_result import parse_result

from .request_json import conversation_id, read_object
from .service import SERVICE


async def parse(request: web.Request) -> web.Response:
    """Understand a text without answering it."""
    turns = request.app[SERVICE].ready_turns()
    body = await read_object(request)
    if body.get("text") is None:
        raise RejectedMessage("missing_field", "'text' is missing.")
    turn = await turns.agent.models.understand(clean_message(body["text"]))
    return web.json_response(parse_result(turn, turns.agent.selection))


async def tracker(request: web.Request) -> web.Response:
    """The state of a conversation and its events.

    ``?include_events=`` ALL, APPLIED, AFTER_RESTART or NONE says which; ``?until=`` gives the
    state at a time, in seconds since 1970.
    """
    turns = request.app[SERVICE].ready_turns()
    conversation = conversation_id(request.match_info["conversation"], "conversation")
    found, _next_seq = await turns.agent.tracker(conversation)
    if "until" in request.query:
        found = found.at(_moment(request.query["until"]))
    return web.json_response(found.as_json(_verbosity(request.query.get("include_events", "ALL"))))


def _moment(value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise RejectedMessage("bad_until", "'until' must be seconds since 1970.") from error


def _verbosity(name: str) -> Verbosity:
    """Return the verbosity of that name; Rasa takes names in any case."""
    if name.upper() not in Verbosity.__members__:
        known = ", ".join(Verbosity.__members__)
        raise RejectedMessage("bad_include_events", f"'include_events' must be one of {known}.")
    return Verbosity[name.upper()]


async def _guarded(request: web.Request, handler: Handler, token: str) -> web.StreamResponse:
    """Let whoever knows the token in.

    Raises:
        RejectedMessage: The token is missing or wrong (401).
    """
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    bearer = credentials.strip() if scheme.lower() == "bearer" else ""
    given = request.query.get("token") or bearer
    # In constant time, so that answers do not tell how much of a guess was right.
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise RejectedMessage(
            "NotAuthenticated",
            "User is not authenticated: send ?token=… or the header 'Authorization: Bearer …'.",
            status=401,
        )
    return await handler(request)


def add_routes(app: web.Application, settings: ServerSettings) -> None:
    """Add the routes where the API is open."""
    if not settings.api:
        return
    routes: list[tuple[str, str, Handler]] = [
        ("POST", "/model/parse", parse),
        ("GET", "/conversations/{conversation}/tracker", tracker),
    ]
    for method, path, handler in routes:
        if settings.auth_token is not None:
            handler = partial(_guarded, handler=handler, token=settings.auth_token)  # noqa: PLW2901
        app.router.add_route(method, path, handler)
