"""Who listens to which conversation, and which of its turns are running."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from . import frames
from .frames import Frame


class Socket(Protocol):
    """One open websocket."""

    def push(self, frame: Frame) -> None:
        """Queue a frame; never waits."""
        ...


@dataclass(kw_only=True, eq=False)
class RunningTurn:
    """A message that is being answered.

    Attributes:
        seq: Its number, known once it is stored.
        said: The text of the reply so far.
        stopped: Whether the reply is to end at its next piece.
        keeps_on: Whether it is written to its end although nobody listens.
        cut_off: Whether the server ended it before it was answered.
    """

    seq: int = 0
    said: str = ""
    stopped: bool = False
    keeps_on: bool = False
    cut_off: bool = False


@dataclass(kw_only=True, eq=False)
class Room:
    """One conversation that somebody listens to or that is being answered.

    Attributes:
        sockets: Who listens.
        turns: What is being answered, oldest first; a message sent again has a turn of its own.
        accepting: Held while a message is stored, so that messages keep their order.
        entering: How many hold that lock or wait for it.
    """

    sockets: set[Socket] = field(default_factory=set)
    turns: list[RunningTurn] = field(default_factory=list)
    accepting: asyncio.Lock = field(default_factory=asyncio.Lock)
    entering: int = 0

    def is_answering(self, seq: int) -> bool:
        """Whether a running turn answers the message of that number."""
        return any(turn.seq == seq for turn in self.turns)

    def send(self, frame: Frame) -> None:
        """Send to every socket."""
        for socket in self.sockets:
            socket.push(frame)

    def stop(self) -> None:
        """End the reply that is being written."""
        for turn in self.turns[:1]:
            turn.stopped = True

    def state(self) -> Iterator[Frame]:
        """What a socket that joins now has to know of the running turns."""
        for seq in dict.fromkeys(turn.seq for turn in self.turns if turn.seq):
            yield frames.typing(seq, on=True)
            said = "".join(turn.said for turn in self.turns if turn.seq == seq)
            if said:
                yield frames.token(said, seq, at=0)


class Rooms:
    """All conversations in use.

    Args:
        away_seconds: How long a reply is still written after the last socket left.
    """

    def __init__(self, away_seconds: float) -> None:
        self.away_seconds = away_seconds
        self._rooms: dict[str, Room] = {}

    def room(self, conversation: str) -> Room:
        """The room of a conversation."""
        return self._rooms.setdefault(conversation, Room())

    def sockets(self) -> list[Socket]:
        """All open sockets."""
        return [socket for room in self._rooms.values() for socket in room.sockets]

    def leave(self, conversation: str, socket: Socket) -> None:
        """Take a socket away; what is written for nobody ends after a while."""
        room = self.room(conversation)
        room.sockets.discard(socket)
        if not room.sockets and room.turns:
            loop = asyncio.get_running_loop()
            loop.call_later(self.away_seconds, self._stop_for_nobody, room)
        self.forget(conversation)

    def _stop_for_nobody(self, room: Room) -> None:
        if not room.sockets:
            for turn in room.turns:
                turn.stopped = turn.stopped or not turn.keeps_on

    def forget(self, conversation: str) -> None:
        """Drop a room that is empty."""
        room = self._rooms.get(conversation)
        if room and not room.sockets and not room.turns and not room.entering:
            del self._rooms[conversation]
