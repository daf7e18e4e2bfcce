"""A chat client for the server's websocket: the Gradio page, the shell and the tests use it.

It keeps what the protocol promises: a message is sent again with the same id until its turn is
over, a broken connection is opened again where it left off, and no reply is given twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp

from assistant.errors import TrilogueError

Frame = dict[str, Any]
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0


@dataclass(kw_only=True, eq=False)
class _Pending:
    """A message whose turn is not over."""

    body: Frame
    frames: asyncio.Queue[Frame | None] = field(default_factory=asyncio.Queue)
    seq: int | None = None
    given: set[int] = field(default_factory=set)
    said: int = 0

    def fresh(self, frame: Frame) -> Frame | None:
        """The frame without what was given before a reconnect."""
        if frame["type"] == "reply":
            if frame["seq"] in self.given:
                return None
            self.given.add(frame["seq"])
        elif frame["type"] == "token":
            piece = frame["text"][max(0, self.said - frame["at"]) :]
            if not piece:
                return None
            frame = {**frame, "text": piece, "at": self.said}
            self.said += len(piece)
        return frame


class ChatClient:
    """One conversation with a server; use it as an async context manager.

    Args:
        server: The address, e.g. ``http://127.0.0.1:5005``.
        conversation: Its id; a fresh one by default.
        last_seq: The last reply that was seen.
        patience: Seconds for which a lost connection is opened again, before it is an error.
    """

    def __init__(
        self,
        server: str,
        conversation: str | None = None,
        *,
        last_seq: int = 0,
        patience: float = 30.0,
    ) -> None:
        self.server = server.rstrip("/")
        self.conversation = conversation or uuid.uuid4().hex
        self.last_seq = last_seq
        self.patience = patience
        self.others: asyncio.Queue[Frame] = asyncio.Queue()
        """Replies to messages that this client did not send: missed ones, other tabs."""
        self._pending: dict[str, _Pending] = {}
        self._early: list[Frame] = []
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> ChatClient:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def connect(self) -> None:
        """Open the connection and keep it open.

        Raises:
            TrilogueError: The server is away, or refuses the conversation.
        """
        self._session = aiohttp.ClientSession()
        try:
            self._socket = await self._open()
        except TrilogueError:
            await self._session.close()
            raise
        self._reader = asyncio.create_task(self._read(), name="chat-client")

    async def close(self) -> None:
        """Close the connection; waiting iterators end."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        if self._session is not None:
            await self._session.close()
        for pending in self._pending.values():
            pending.frames.put_nowait(None)

    async def send(
        self, text: str, *, metadata: Frame | None = None, message_id: str | None = None
    ) -> AsyncIterator[Frame]:
        """Send a message; yields its frames until its turn is over.

        Args:
            text: The message.
            metadata: Free JSON for actions.
            message_id: Its id, for a message that is sent again.

        Yields:
            The ``ack``, ``typing``, ``token``, ``reply`` and ``error`` frames of this message.

        Raises:
            TrilogueError: The connection is lost and could not be opened again.
        """
        chosen = message_id or str(uuid.uuid4())
        body = {"type": "message", "id": chosen, "text": text, "metadata": metadata or {}}
        pending = self._pending[chosen] = _Pending(body=body)
        try:
            await self._post(body)
            while (frame := await pending.frames.get()) is not None:
                yield frame
                if frame["type"] == "error" or (frame["type"] == "typing" and not frame["on"]):
                    return
            raise TrilogueError(f"{self.server}: the connection was lost. Is the server running?")
        finally:
            self._pending.pop(chosen, None)
            self._route_early()

    async def ask(self, text: str, *, message_id: str | None = None) -> list[Frame]:
        """Send a message and return its replies.

        Raises:
            TrilogueError: The server did not take it, or the connection is lost.
        """
        replies: list[Frame] = []
        async for frame in self.send(text, message_id=message_id):
            if frame["type"] == "error":
                raise TrilogueError(frame["message"])
            if frame["type"] == "reply":
                replies.append(frame)
        return replies

    async def stop(self) -> None:
        """End the reply that is being written."""
        await self._post({"type": "stop"})

    async def _post(self, body: Frame) -> None:
        if self._socket is None or self._reader is None or self._reader.done():
            raise TrilogueError(f"{self.server}: not connected. Is the server running?")
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):  # sent after reconnecting
            await self._socket.send_str(json.dumps(body))

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        """Open the websocket; tries again while the server is away or loads."""
        assert self._session is not None
        address = f"{self.server}/ws"
        query = {"conversation": self.conversation, "last_seq": str(self.last_seq)}
        loop = asyncio.get_running_loop()
        until, wait = loop.time() + self.patience, FIRST_WAIT
        while True:
            try:
                return await self._session.ws_connect(address, params=query, heartbeat=30.0)
            except aiohttp.WSServerHandshakeError as error:
                refused, why = error.status != 503, f"refused with status {error.status}"
            except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
                refused, why = False, type(error).__name__
            if refused or loop.time() + wait > until:
                raise TrilogueError(f"{self.server}: no chat server answers ({why}).")
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    async def _read(self) -> None:
        """Hand frames out; after a break connect again and send what is not answered."""
        try:
            while True:
                assert self._socket is not None
                async for message in self._socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        self._take(json.loads(message.data))
                if self._socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
                    self._give_up_all()
                await asyncio.sleep(FIRST_WAIT)
                self._socket = await self._open()
                for pending in list(self._pending.values()):
                    await self._post(pending.body)
        finally:
            for pending in self._pending.values():
                pending.frames.put_nowait(None)

    def _give_up_all(self) -> None:
        """Sending a message again that is too large would break the connection again."""
        for pending in self._pending.values():
            words = "The message is too large."
            pending.frames.put_nowait({"type": "error", "code": "too_large", "message": words})

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "ack":
            self._take_ack(frame)
        elif frame["type"] == "error":
            pending = self._pending.get(str(frame.get("id")))
            (pending.frames if pending else self.others).put_nowait(frame)
        else:
            self._route(frame)

    def _take_ack(self, frame: Frame) -> None:
        pending = self._pending.get(str(frame["id"]))
        if pending is None:
            return
        if pending.seq is None:
            pending.frames.put_nowait(frame)
        pending.seq = frame["seq"]
        self._route_early()

    def _route_early(self) -> None:
        early, self._early = self._early, []
        for each in early:
            self._route(each)

    def _route(self, frame: Frame) -> None:
        """Give a frame to the message that it answers."""
        for pending in self._pending.values():
            if pending.seq == frame["reply_to"]:
                if frame["type"] == "reply":
                    self.last_seq = max(self.last_seq, frame["seq"])
                if fresh := pending.fresh(frame):
                    pending.frames.put_nowait(fresh)
                return
        if any(pending.seq is None for pending in self._pending.values()):
            self._early.append(frame)  # its message may be one that waits for its ack
        elif frame["type"] == "reply" and frame["seq"] > self.last_seq:
            self.last_seq = frame["seq"]
            self.others.put_nowait(frame)
