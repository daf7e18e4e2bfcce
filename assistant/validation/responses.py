"""Responses: those that are missing, and buttons that say what nothing understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .extraction import literal, payloads
from .finding import Findings
from .names import hint

if TYPE_CHECKING:
    from assistant.bot import Bot


def check_responses(bot: Bot, found: Findings) -> None:
    """Note actions without their response, and the faults of buttons."""
    known = {name.split("/", 1)[0] for name in bot.domain.responses}
    for name in bot.domain.actions:
        if name.startswith("utter_") and name not in known:
            found.warning(
                "missing-response", bot.domain.place("action", name),
                f"action {name!r} has no response. Add it under responses:",
            )  # fmt: skip
    for name, payload in payloads(bot):
        if payload.startswith("/"):
            _check_payload(bot, name, payload, found)


def _check_payload(bot: Bot, response: str, payload: str, found: Findings) -> None:
    place = bot.domain.place("response", response)
    if "{" in payload and '"' not in payload and "}" in payload:
        return  # a template that a custom action fills in
    read = literal(payload)
    if read is None or read[1] is None:
        found.warning(
            "button-payload", place,
            f"{response}: the payload {payload!r} cannot be read. "
            'Write it like /inform{"city": "Oslo"}.',
        )  # fmt: skip
        return
    intent, entities = read[0].split("/", 1)[0], read[1]
    if intent not in bot.intents and "{" not in intent:
        found.warning(
            "unknown-intent", place,
            f"{response}: a button means the intent {intent!r}, which is not in the domain. "
            f"{hint(intent, bot.intents)}",
        )  # fmt: skip
    for entity in entities:
        if entity not in bot.domain.entities:
            found.warning(
                "unknown-entity", place,
                f"{response}: a button gives the entity {entity!r}, which is not in the domain. "
                f"{hint(entity, bot.domain.entities)}",
            )  # fmt: skip
