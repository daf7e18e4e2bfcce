"""One turn on the chat page: send, stream, show; knows the server only by its client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import TrilogueError
from deploy.client import ChatClient

from .turn_card import turn_card

Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page shows and remembers.

    Attributes:
        conversation: The conversation's id on the server.
        last_seq: Number of the last reply that was shown.
        lines: The chat, in the form of Gradio's messages.
        cards: One HTML card for each turn, the newest first.
    """

    conversation: str
    last_seq: int = 0
    lines: tuple[Line, ...] = ()
    cards: tuple[str, ...] = ()


@dataclass
class _Heard:
    """The frames of a turn so far."""

    draft: str = ""
    replies: list[dict[str, Any]] = field(default_factory=list)
    parse: dict[str, Any] = field(default_factory=dict)
    last_seq: int = 0


async def play_turn(server: str, page: Page, text: str, shown: str) -> AsyncIterator[Page]:
    """Send a message and yield the page as the answer grows.

    Args:
        server: Address of the chat server.
        page: The page before.
        text: What is sent: what was typed, or the payload of a button.
        shown: What stands in the chat for it: the button's title instead of its payload.

    Yields:
        The page with the user's line at once, then with each piece of the answer.
    """
    before = (*page.lines, {"role": "user", "content": shown})
    yield _page(page, before, page.cards)
    heard = _Heard(last_seq=page.last_seq)
    try:
        async with ChatClient(server, page.conversation, last_seq=page.last_seq) as client:
            async for frame in client.send(text):
                if frame["type"] == "error":
                    raise TrilogueError(frame["message"])
                _hear(frame, heard)
                yield _page(page, (*before, *_bot_lines(heard)), page.cards)
    except TrilogueError as error:
        yield _page(page, (*before, {"role": "assistant", "content": f"⚠ {error}"}), page.cards)
        return
    cards = (turn_card(shown, heard.parse, heard.replies), *page.cards)
    yield Page(
        conversation=page.conversation,
        last_seq=heard.last_seq,
        lines=(*before, *_bot_lines(heard)),
        cards=cards,
    )


def _page(page: Page, lines: tuple[Line, ...], cards: tuple[str, ...]) -> Page:
    return Page(conversation=page.conversation, last_seq=page.last_seq, lines=lines, cards=cards)


def _hear(frame: dict[str, Any], heard: _Heard) -> None:
    if frame["type"] == "token":
        heard.draft = heard.draft[: int(frame["at"])] + frame["text"]
    elif frame["type"] == "reply":
        heard.draft = ""
        heard.replies.append(frame)
        heard.parse = frame.get("parse") or heard.parse
        heard.last_seq = max(heard.last_seq, int(frame["seq"]))


def _bot_lines(heard: _Heard) -> list[Line]:
    lines = [_bot_line(reply) for reply in heard.replies]
    if heard.draft:
        lines.append({"role": "assistant", "content": heard.draft})
    return lines


def _bot_line(reply: dict[str, Any]) -> Line:
    parts = [reply.get("text", ""), *(str(reply[k]) for k in ("image", "custom") if reply.get(k))]
    line: Line = {"role": "assistant", "content": "\n".join(part for part in parts if part)}
    if reply.get("buttons"):
        line["options"] = [
            {"value": button["payload"], "label": button["title"]} for button in reply["buttons"]
        ]
    return line
