"""Read the JSON that came in, strictly; each fault is one `RejectedMessage`."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from assistant.errors import RejectedMessage

LONGEST_ID = 255


def parse_json(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Parse JSON; NaN, nesting without end and huge numbers are faults too.

    Raises:
        RejectedMessage: It is no JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise RejectedMessage("bad_json", f"This is not JSON: {_reason(error)}.") from error


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):  # its message holds no text of the user
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is out of range"


async def read_object(request: web.Request) -> dict[str, Any]:
    """Read a request's body as one JSON object, whatever its Content-Type says.

    Raises:
        RejectedMessage: It is empty, no UTF-8, no JSON, or no object (400).
        HTTPRequestEntityTooLarge: It is larger than the server takes (413).
    """
    raw = await request.read()
    if not raw.strip():
        raise RejectedMessage("empty_body", "The request has no body; a JSON object is needed.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RejectedMessage("wrong_encoding", "The body is not UTF-8 text.") from error
    body = parse_json(text)
    if not isinstance(body, dict):
        raise RejectedMessage("not_object", "The body must be a JSON object.")
    return body


def text_id(value: object, name: str, *, required: bool = True) -> str | None:
    """Check an id that a client chose: 1 to 255 printable characters.

    Raises:
        RejectedMessage: It is missing or something else.
    """
    if value is None and not required:
        return None
    if value is None or value == "":
        raise RejectedMessage("missing_field", f"{name!r} is missing.")
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.isprintable():
        raise RejectedMessage(
            f"bad_{name}", f"{name!r} must be a text of 1 to {LONGEST_ID} printable characters."
        )
    return value


def conversation_id(value: object, name: str) -> str:
    """Check the id of a conversation.

    Raises:
        RejectedMessage: See `text_id`.
    """
    checked = text_id(value, name)
    return checked or ""
