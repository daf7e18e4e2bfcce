"""A conversation on the chat page, and its turns; knows the server only by its client."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import TrilogueError
from deploy.client import ChatClient

Frame = dict[str, Any]


@dataclass(kw_only=True)
class PageTurn:
    """A message and what came back so far.

    Attributes:
        shown: What stands in the chat for the message: a button's title instead of its payload.
        draft: The reply that is being written.
        replies: The finished replies, as the server sent them.
        parse: What was understood; empty until the first reply.
        fault: Why the message was not answered.
        over: Whether nothing more comes.
    """

    shown: str
    draft: str = ""
    replies: list[Frame] = field(default_factory=list)
    parse: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    over: bool = False

    def hear(self, frame: Frame) -> None:
        """Take a frame of the answer."""
        if frame["type"] == "error":
            self.fault = str(frame["message"])
        elif frame["type"] == "token":
            self.draft = self.draft[: int(frame["at"])] + frame["text"]
        elif frame["type"] == "reply":
            self.draft = ""
            self.parse = frame.get("parse") or self.parse
            self.replies.append({key: each for key, each in frame.items() if key != "parse"})


@dataclass(kw_only=True, eq=False)
class Conversation:
    """One conversation of a visitor.

    Attributes:
        id: Its id on the server.
        last_seq: Number of the last reply that was shown.
        turns: Oldest first.
        left: Whether the visitor began a new conversation; nothing of this one is shown then.
    """

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    last_seq: int = 0
    turns: list[PageTurn] = field(default_factory=list)
    left: bool = False
    _speaking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def say(self, server: str, text: str, shown: str = "") -> AsyncIterator[None]:
        """Send a message; messages are answered one after the other, in their order.

        Args:
            server: Address of the chat server.
            text: What is sent: what was typed, or the payload of a button.
            shown: What stands in the chat for it, if that is something else.

        Yields:
            Whenever there is something new to show: the message at once, then each piece of its
            answer; nothing more once the conversation is left.
        """
        turn = PageTurn(shown=shown or text)
        self.turns.append(turn)
        yield
        async with self._speaking:
            try:
                async with ChatClient(server, self.id, last_seq=self.last_seq) as client:
                    async for frame in client.send(text):
                        if self.left:
                            return
                        turn.hear(frame)
                        self.last_seq = max(self.last_seq, int(frame.get("seq", 0)))
                        yield
            except TrilogueError as error:
                turn.fault = str(error)
            finally:
                turn.over = True
        if not self.left:
            yield

    def as_json(self) -> dict[str, Any]:
        """What a browser keeps of it; see `from_json`."""
        turns = [
            {"shown": t.shown, "replies": t.replies, "parse": t.parse, "fault": t.fault}
            for t in self.turns
            if t.over
        ]
        return {"id": self.id, "last_seq": self.last_seq, "turns": turns}

    @classmethod
    def from_json(cls, kept: object) -> Conversation:
        """Return what a browser kept, or a new conversation where it kept nothing of use."""
        try:
            if not isinstance(kept, dict):
                return cls()
            turns = [PageTurn(**turn, over=True) for turn in kept["turns"]]
            return cls(id=str(kept["id"]), last_seq=int(kept["last_seq"]), turns=turns)
        except (KeyError, TypeError, ValueError):
            return cls()
