"""Rasa's REST channel.

Source: Rasa 3 "REST channel" (``POST /webhooks/rest/webhook``).
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from assistant.errors import RejectedMessage

from .frames import metadata_of
from .gate import add_headers
from .request_json import conversation_id, read_object, text_id
from .service import SERVICE
from .turns import Message


async def webhook(request: web.Request) -> web.StreamResponse:
    """Answer one message with all replies, or with one JSON line each (``?stream=true``)."""
    turns = request.app[SERVICE].ready_turns()
    message = await _message(request)
    task = await turns.begin(message)
    if request.query.get("stream", "").lower() == "true":
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        add_headers(stream, request.headers.get("Origin"))
        await stream.prepare(request)
        answer = await task
        for reply in answer.replies:
            for each in rasa_messages(message.conversation, reply.body):
                await stream.write(json.dumps(each, ensure_ascii=False).encode() + b"\n")
        await stream.write_eof()
        return stream
    answer = await task
    found = [m for r in answer.replies for m in rasa_messages(message.conversation, r.body)]
    return web.json_response(found)


async def _message(request: web.Request) -> Message:
    body = await read_object(request)
    conversation = conversation_id(body.get("sender"), "sender")
    message_id = text_id(body.get("message_id"), "message_id", required=False)
    channel = text_id(body.get("input_channel"), "input_channel", required=False)
    if body.get("message") is None:
        raise RejectedMessage("missing_field", "'message' is missing.")

    def gone() -> bool:
        """Whether nobody waits for the answer, nor can ask for it again by its id."""
        closed = request.transport is None or request.transport.is_closing()
        return closed and message_id is None

    return Message(
        conversation=conversation,
        text=body["message"],
        id=message_id,
        channel=channel or "rest",
        metadata=metadata_of(body),
        keeps_on=True,
        gone=gone,
    )


def rasa_messages(recipient: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a reply as the messages that Rasa would send.

    A text is split at blank lines unless it has buttons; quick replies take their place. Custom
    JSON, image, attachment and each card are messages of their own.
    """
    parts: list[dict[str, Any]] = []
    text = str(body.get("text") or "").strip()
    choices = body.get("quick_replies") or body.get("buttons")
    if choices:
        parts.append({"text": text, "buttons": choices})
    elif text:
        parts += [{"text": part} for part in text.split("\n\n")]
    parts += [{key: body[key]} for key in ("custom", "image", "attachment") if body.get(key)]
    parts += [_card(element) for element in body.get("elements") or ()]
    return [{"recipient_id": recipient, **part} for part in parts]


def _card(element: dict[str, Any]) -> dict[str, Any]:
    text = f"{element.get('title', '')} : {element.get('subtitle', '')}"
    return {"text": text, "buttons": element.get("buttons") or []}


async def rest_health(_request: web.Request) -> web.Response:
    """The channel is there."""
    return web.json_response({"status": "ok"})


def add_routes(app: web.Application) -> None:
    """Add the routes."""
    app.router.add_post("/webhooks/rest/webhook", webhook)
    app.router.add_get("/webhooks/rest/", rest_health)
    app.router.add_get("/webhooks/rest", rest_health)
