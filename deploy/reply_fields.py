"""Buttons and cards of a reply in the JSON of Rasa's helpers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.messages import Button


def button_list(found: Any) -> tuple[Button, ...]:  # noqa: ANN401 - from outside
    """Read ``[{title, payload, …}]``; a button without payload sends its title.

    Raises:
        ValueError: It is no list of objects with a title.
    """
    if found is None:
        return ()
    if not isinstance(found, list):
        raise ValueError("buttons must be a list")
    return tuple(_button(each) for each in found)


def card_list(found: Any) -> tuple[dict[str, Any], ...]:  # noqa: ANN401 - from outside
    """Read ``elements``: cards of a carousel, as free JSON.

    Raises:
        ValueError: It is no list of objects.
    """
    cards = [] if found is None else found
    if not isinstance(cards, list) or not all(isinstance(each, dict) for each in cards):
        raise ValueError("elements must be a list of objects")
    return tuple(cards)


def _button(button: object) -> Button:
    if not isinstance(button, Mapping) or "title" not in button:
        raise ValueError("a button has no title")
    title = str(button["title"])
    extra = {str(key): button[key] for key in button if key not in ("title", "payload")}
    return Button(title=title, payload=str(button.get("payload") or title), extra=extra)
