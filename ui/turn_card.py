"""What was understood of a turn and who answered it, as a card beside the chat."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

ANSWERED_BY = {
    "rule": "a rule", "story": "a story", "form": "a form", "faq": "the FAQ",
    "generator": "the generator", "fallback": "the fallback", "action": "an action",
}  # fmt: skip
FACES = {"negative": "☹", "neutral": "–", "positive": "☺"}
LANGUAGES = {"en": "English", "zh": "中文"}


def turn_card(text: str, parse: dict[str, Any], replies: Sequence[dict[str, Any]]) -> str:
    """Return one turn as HTML; everything that people or models wrote is escaped.

    Args:
        text: What the user wrote.
        parse: What was understood, in the keys of a parse result; may be empty.
        replies: The replies, as the server sent them.
    """
    rows = [("wrote", f"<b>{escape(text)}</b>"), *_understood(parse)]
    sources = list(dict.fromkeys(reply.get("source", "") for reply in replies))
    names = list(dict.fromkeys(reply.get("name", "") for reply in replies))
    answered = ", ".join(ANSWERED_BY.get(source, source) for source in sources)
    rows.append(
        ("answered by", f"<b>{escape(answered)}</b> <small>{escape(', '.join(names))}</small>")
    )
    body = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows)
    return f"<table class='turn-card'>{body}</table>"


def _understood(parse: dict[str, Any]) -> list[tuple[str, str]]:
    if not parse:
        return []
    tag = str(parse.get("language", ""))
    rows = [("language", escape(LANGUAGES.get(tag, tag)))]
    if parse.get("pivot"):
        rows.append(("read as", escape(str(parse["pivot"]))))
    rows.append(("intent", _ranking(parse)))
    found = " ".join(
        f"<span class='entity'>{escape(each['entity'])}: {escape(str(each['value']))}</span>"
        for each in parse.get("entities", [])
    )
    rows.append(("entities", found or "none"))
    mood = parse.get("sentiment")
    if mood:
        label = str(mood["label"])
        face = FACES.get(label, "")
        rows.append(("sentiment", f"{face} {escape(label)} ({float(mood['strength']):+.2f})"))
    return rows


def _ranking(parse: dict[str, Any]) -> str:
    best = parse.get("intent") or {}
    bars = []
    for i, each in enumerate(parse.get("intent_ranking", [])[:3]):
        name = best.get("full") if i == 0 and best.get("full") else each["name"]
        share = round(100 * float(each["confidence"]))
        if i > 0 and share == 0:
            break
        bars.append(
            f"<div class='bar'><i style='width:{share}%'></i>"
            f"<span>{escape(str(name))}</span><em>{share} %</em></div>"
        )
    return "".join(bars)
