"""What tests of the websocket say and hear."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from deploy.server import Server

StartServer = Callable[..., Awaitable[Server]]
Frame = dict[str, Any]
Socket = aiohttp.ClientWebSocketResponse
Connect = Callable[..., Awaitable[Socket]]


async def say(socket: Socket, text: str, message_id: str = "m1", **more: object) -> None:
    await socket.send_json({"type": "message", "id": message_id, "text": text, **more})


async def next_frame(socket: Socket) -> Frame:
    frame: Frame = json.loads(await socket.receive_str(timeout=5))
    return frame


async def until(socket: Socket, kind: str) -> list[Frame]:
    """Frames up to the first of a kind; ``typing-off`` is the end of a turn."""
    frames: list[Frame] = []
    while True:
        frames.append(await next_frame(socket))
        last = frames[-1]
        if last["type"] == kind or (kind == "typing-off" and last.get("on") is False):
            return frames


def texts(frames: list[Frame]) -> list[str]:
    return [frame["text"] for frame in frames if frame["type"] == "reply"]
