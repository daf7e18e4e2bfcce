"""How the chat page draws a conversation: Gradio's messages, and a card for each turn."""

from __future__ import annotations

from html import escape
from typing import Any

from .page_turn import Conversation, Frame, PageTurn
from .turn_card import turn_card

Line = dict[str, Any]
NOTHING_YET = "Nothing yet: say something."


def lines(conversation: Conversation) -> list[Line]:
    """Return the chat in the form of Gradio's messages; texts are escaped, for it draws HTML."""
    return [line for turn in conversation.turns for line in _lines(turn)]


def cards(conversation: Conversation) -> str:
    """Return the cards of the turns that are answered as HTML, the newest first."""
    drawn = [
        turn_card(turn.shown, turn.parse, turn.replies)
        for turn in reversed(conversation.turns)
        if turn.over and turn.replies
    ]
    return "".join(drawn) or NOTHING_YET


def title_of(conversation: Conversation, payload: str) -> str:
    """The title of the newest button with a payload."""
    for turn in reversed(conversation.turns):
        for reply in turn.replies:
            for button in reply.get("buttons") or ():
                if button["payload"] == payload:
                    return str(button["title"])
    return payload


def _lines(turn: PageTurn) -> list[Line]:
    drawn = [_line("user", turn.shown), *(_reply(reply) for reply in turn.replies)]
    if turn.draft:
        drawn.append(_line("assistant", turn.draft))
    if turn.fault:
        drawn.append(_line("assistant", f"⚠ {turn.fault}"))
    return drawn


def _reply(reply: Frame) -> Line:
    parts = [reply.get("text", ""), *(str(reply[k]) for k in ("image", "custom") if reply.get(k))]
    line = _line("assistant", "\n".join(part for part in parts if part))
    if reply.get("buttons"):
        line["options"] = [
            {"value": button["payload"], "label": button["title"]} for button in reply["buttons"]
        ]
    return line


def _line(role: str, text: str) -> Line:
    return {"role": role, "content": escape(text, quote=False)}
