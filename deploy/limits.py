"""What a server bears before it says no."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of a server.

    Attributes:
        body_bytes: Of a request's body or a websocket frame.
        longest_frame_bytes: Of a websocket frame that is read to its end although it is too
            large, so that its sender is told which message it was; a larger one ends the socket.
        turns: Messages that are accepted or answered at one time.
        turns_per_conversation: The same in one conversation.
        sockets: Open websockets.
        sockets_per_conversation: Of one conversation, e.g. browser tabs.
        burst: Frames that a websocket may send at once.
        per_second: Frames that it may send in the long run.
        unread: Frames that may wait for a slow client before it is cut off.
        away_seconds: How long a reply is still written after the last socket went away.
        drain_seconds: How long running turns may take to finish at the end.
    """

    body_bytes: int = 64 * 1024
    longest_frame_bytes: int = 256 * 1024
    turns: int = 128
    turns_per_conversation: int = 16
    sockets: int = 10_000
    sockets_per_conversation: int = 16
    burst: int = 30
    per_second: float = 5.0
    unread: int = 2_000
    away_seconds: float = 10.0
    drain_seconds: float = 10.0


class Bucket:
    """A token bucket: ``burst`` at once, ``per_second`` in the long run."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst = float(burst)
        self._rate = per_second
        self._left = float(burst)
        self._at = time.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
