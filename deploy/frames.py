"""The JSON frames of the chat websocket.

A client sends ``{"type": "message", "id": UUID, "text": …, "metadata": {…}}`` or
``{"type": "stop"}``. The server sends:

| type | fields | when |
|---|---|---|
| ``ack`` | ``id``, ``seq`` | the message is stored |
| ``typing`` | ``on``, ``reply_to`` | true after the ack, false at the end of the turn |
| ``token`` | ``text``, ``reply_to``, ``at`` | the next piece of a reply that is being written; \
after a reconnect all of it so far, so that its text is ``text[:at] + piece`` |
| ``reply`` | ``seq``, ``reply_to``, ``text``, ``buttons``, ``button_type``, ``quick_replies``, \
``elements``, ``image``, ``custom``, ``attachment``, ``metadata``, ``language``, \
``source``, ``name``, ``parse`` | a finished reply, as stored |
| ``error`` | ``code``, ``message``, perhaps ``id``, ``retry_after`` | something was not taken; \
with the ``id`` of the message wherever it can be read |

``seq`` numbers what happens in a conversation; ``reply_to`` is the ``seq`` of the message that
is answered; ``buttons`` are all choices, ``quick_replies`` those of them that vanish once one was
taken; ``parse`` (what was understood) comes with the first reply of a live turn only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.conversations.store import StoredReply
from assistant.errors import RejectedMessage

from .request_json import parse_json, text_id

Frame = dict[str, Any]
RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFrame:
    """What a client sent.

    Attributes:
        type: ``message`` or ``stop``.
        id: The client's own id of the message.
        text: As it came; the agent checks it.
        metadata: Free JSON for actions.
    """

    type: Literal["message", "stop"]
    id: str | None = None
    text: object = None
    metadata: dict[str, Any] = field(default_factory=dict)


def read_frame(data: str) -> ClientFrame:
    """Read one text frame.

    Raises:
        RejectedMessage: It is no JSON object, of an unknown type, or a field is wrong.
    """
    body = parse_json(data)
    if not isinstance(body, dict):
        raise RejectedMessage("not_object", "A frame must be a JSON object.")
    match body.get("type"):
        case "stop":
            return ClientFrame(type="stop")
        case "message":
            return ClientFrame(
                type="message",
                id=text_id(body.get("id"), "id", required=False),
                text=body.get("text"),
                metadata=metadata_of(body),
            )
        case _:
            raise RejectedMessage("unknown_type", "A frame's type is 'message' or 'stop'.")


def id_in(data: object) -> str | None:
    """Return the id of a message that was not taken, where it can be read.

    Args:
        data: A frame as it came, whatever is wrong with it.
    """
    try:
        body = json.loads(data) if isinstance(data, str) else None
        return text_id(body.get("id"), "id", required=False) if isinstance(body, dict) else None
    except (ValueError, RecursionError, RejectedMessage):
        return None


def metadata_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return ``metadata``, empty where it is missing.

    Raises:
        RejectedMessage: It is no object.
    """
    metadata = body.get("metadata")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise RejectedMessage("bad_metadata", "'metadata' must be a JSON object.")
    return metadata


def ack(message_id: str | None, seq: int) -> Frame:
    """The message is stored."""
    return {"type": "ack", "id": message_id, "seq": seq}


def typing(reply_to: int, *, on: bool) -> Frame:
    """The bot begins or ends to answer a message."""
    return {"type": "typing", "on": on, "reply_to": reply_to}


def token(text: str, reply_to: int, *, at: int) -> Frame:
    """A piece of a reply; ``at`` characters of it come before."""
    return {"type": "token", "text": text, "reply_to": reply_to, "at": at}


def reply(stored: StoredReply, parse: dict[str, Any] | None = None) -> Frame:
    """A finished reply."""
    empty: Frame = {"text": "", "button_type": None, "quick_replies": [], "elements": []}
    empty |= dict.fromkeys(("image", "custom", "attachment", "metadata"))
    body = stored.body
    return {
        "type": "reply",
        "seq": stored.seq,
        "reply_to": stored.reply_to,
        **empty,
        **body,
        "buttons": [*body.get("buttons", ()), *body.get("quick_replies", ())],
        "parse": parse,
    }


def error(rejected: RejectedMessage, message_id: str | None = None) -> Frame:
    """Something was not taken; ``retry_after`` (seconds) where it may be sent again."""
    frame: Frame = {"type": "error", "code": rejected.code, "message": str(rejected)}
    if message_id is not None:
        frame["id"] = message_id
    if rejected.status in (429, 503):
        frame["retry_after"] = RETRY_SECONDS
    return frame
