"""The chat websocket ``/ws?conversation=ID&last_seq=N``; `deploy.frames` has its frames."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from functools import partial

from aiohttp import WSCloseCode, WSMsgType, web

from assistant.agent import Answer
from assistant.conversations.store import Accepted
from assistant.errors import RejectedMessage

from . import frames
from .frames import Frame
from .limits import Bucket, Limits
from .request_json import conversation_id
from .rooms import Room
from .service import SERVICE, Service
from .turns import Message, Turns

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 25.0
GOODBYE_SECONDS = 2.0


class TellingSocket(web.WebSocketResponse):
    """A websocket that says in an error frame why it closes over a frame that cannot be read.

    Args:
        limits: The largest frame that is read.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            max_msg_size=limits.longest_frame_bytes, heartbeat=HEARTBEAT_SECONDS, compress=False
        )
        self._last_words: dict[int, RejectedMessage] = {
            WSCloseCode.MESSAGE_TOO_BIG: too_large(limits),
            WSCloseCode.INVALID_TEXT: RejectedMessage("wrong_encoding", "A frame must be UTF-8."),
        }

    async def close(
        self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True
    ) -> bool:
        """Close; see `aiohttp.web.WebSocketResponse.close`."""
        rejected = self._last_words.pop(code, None)
        if rejected is not None:
            with contextlib.suppress(ConnectionError):
                await self.send_str(json.dumps(frames.error(rejected)))
        return await super().close(code=code, message=message, drain=drain)


class ChatSocket:
    """One open websocket.

    Frames wait in a queue of their own, so that a slow client holds up nobody; one that does not
    read at all is cut off and finds its replies in the store when it comes back.
    """

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, limits: Limits
    ) -> None:
        self.socket = socket
        self.bucket = Bucket(limits.burst, limits.per_second)
        self._transport = transport
        self._queue: asyncio.Queue[Frame | None] = asyncio.Queue(limits.unread)
        self._held: list[Frame] | None = []
        self._replayed: set[int] = set()
        self._sender = asyncio.create_task(self._send_all())

    def push(self, frame: Frame) -> None:
        """Take a frame of the conversation; never waits."""
        if self._held is not None:
            self._held.append(frame)
        elif frame["reply_to"] not in self._replayed:
            self.tell(frame)

    def release(self, missed: list[Frame], room: Room) -> None:
        """Send what was missed, then what came meanwhile and is not part of it."""
        held, self._held = self._held or [], None
        self._replayed = {frame["reply_to"] for frame in missed}
        for frame in missed:
            self.tell(frame)
        for frame in held:
            self.push(frame)
        self._replayed = {seq for seq in self._replayed if room.is_answering(seq)}

    def tell(self, frame: Frame) -> None:
        """Queue a frame for this client alone; cut it off when it does not read."""
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            log.warning("a websocket does not read; it is cut off")
            if self._transport is not None:
                self._transport.abort()

    async def _send_all(self) -> None:
        while (frame := await self._queue.get()) is not None:
            await self.socket.send_str(json.dumps(frame, ensure_ascii=False))

    async def finish(self, code: WSCloseCode) -> None:
        """Send what is queued, then close."""
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)
            await asyncio.wait({self._sender}, timeout=GOODBYE_SECONDS)
        await self.socket.close(code=code)

    async def end(self) -> None:
        """Send no more."""
        self._sender.cancel()
        await asyncio.gather(self._sender, return_exceptions=True)


async def chat(request: web.Request) -> web.StreamResponse:
    """Serve one socket until it closes."""
    service = request.app[SERVICE]
    turns = service.ready_turns()
    conversation = conversation_id(request.query.get("conversation"), "conversation")
    last_seq = _last_seq(request.query.get("last_seq", "0"))
    _check_room(service, conversation)
    socket = TellingSocket(service.limits)
    await socket.prepare(request)
    client = ChatSocket(socket, request.transport, service.limits)
    room = service.rooms.room(conversation)
    for frame in room.state():
        client.push(frame)
    room.sockets.add(client)
    try:
        missed = await turns.agent.store.replies_after(conversation, last_seq)
        client.release([frames.reply(each) for each in missed], room)
        await _read(client, conversation, room, turns, service.limits)
    except ConnectionResetError:
        pass  # the client went away while it was written to
    finally:
        service.rooms.leave(conversation, client)
        await client.end()
    return socket


def _last_seq(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise RejectedMessage("bad_last_seq", "'last_seq' must be a number, 0 or more.")
    return int(value)


def _check_room(service: Service, conversation: str) -> None:
    listening = len(service.rooms.room(conversation).sockets)
    service.rooms.forget(conversation)
    limits = service.limits
    if (
        listening >= limits.sockets_per_conversation
        or len(service.rooms.sockets()) >= limits.sockets
    ):
        raise RejectedMessage("too_many_sockets", "Too many sockets are open.", status=503)


async def _read(
    client: ChatSocket, conversation: str, room: Room, turns: Turns, limits: Limits
) -> None:
    """Take frames one by one; the next is read when the last message is stored."""
    async for message in client.socket:
        if message.type in (WSMsgType.ERROR, WSMsgType.CLOSE):
            break
        try:
            if not client.bucket.take():
                raise RejectedMessage("too_fast", "Too many frames. Wait a moment.", status=429)
            if message.type is not WSMsgType.TEXT:
                raise RejectedMessage("binary", "A frame must be text, not binary.")
            if len(message.data.encode()) > limits.body_bytes:
                raise too_large(limits)
            frame = frames.read_frame(message.data)
            if frame.type == "stop":
                room.stop()
            else:
                await _take(client, conversation, frame, turns)
        except RejectedMessage as rejected:
            client.tell(frames.error(rejected, frames.id_in(message.data)))


def too_large(limits: Limits) -> RejectedMessage:
    """A frame is larger than the server takes."""
    most = limits.body_bytes // 1024
    return RejectedMessage("too_large", f"A frame holds at most {most} KiB.", status=413)


async def _take(
    client: ChatSocket, conversation: str, frame: frames.ClientFrame, turns: Turns
) -> None:
    known: list[Accepted] = []

    def acknowledge(accepted: Accepted) -> None:
        known.append(accepted)
        client.tell(frames.ack(frame.id, accepted.seq))

    message = Message(
        conversation=conversation,
        text=frame.text,
        id=frame.id,
        channel="websocket",
        metadata=frame.metadata,
    )

    def apologize(rejected: RejectedMessage) -> None:
        client.tell(frames.error(rejected, frame.id))

    task = await turns.begin(message, acknowledge, apologize)
    if known[0].answered:
        task.add_done_callback(partial(_answer_again, client))


def _answer_again(client: ChatSocket, task: asyncio.Task[Answer]) -> None:
    """Give the sender alone what its message was answered before."""
    if task.cancelled() or task.exception() is not None:
        return
    for stored in task.result().replies:
        client.tell(frames.reply(stored))
    client.tell(frames.typing(task.result().seq, on=False))


async def close_all(service: Service) -> None:
    """Say goodbye to every socket; a client comes back to whoever listens then."""
    clients = [each for each in service.rooms.sockets() if isinstance(each, ChatSocket)]
    await asyncio.gather(
        *(client.finish(WSCloseCode.SERVICE_RESTART) for client in clients),
        return_exceptions=True,
    )


def add_routes(app: web.Application) -> None:
    """Add the route."""
    app.router.add_get("/ws", chat)
