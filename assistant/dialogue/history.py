"""A conversation as the generator reads it."""

from __future__ import annotations

from assistant.messages import Utterance

from .events import BotSaid, UserSaid
from .tracker import Tracker


def history_of(tracker: Tracker, *, most: int = 12) -> tuple[Utterance, ...]:
    """The last lines of a conversation in the bot's language, the user's last.

    Triggered intents were not said by anyone and are left out.
    """
    lines: list[Utterance] = []
    for event in tracker.events:
        if isinstance(event, UserSaid) and event.text and not event.metadata.get("is_external"):
            parse = event.parse_data
            lines.append(
                Utterance(
                    "user",
                    parse.get("pivot") or event.text,
                    (parse.get("intent") or {}).get("name"),
                    (parse.get("sentiment") or {}).get("label"),
                )
            )
        elif isinstance(event, BotSaid) and event.text:
            lines.append(Utterance("bot", event.metadata.get("pivot") or event.text))
    while lines and lines[-1].speaker == "bot":
        lines.pop()
    return tuple(lines[-most:])
