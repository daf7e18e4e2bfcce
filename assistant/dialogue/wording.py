"""Responses that an outside server words (Rasa's ``nlg:`` endpoint).

The bot's own wording is chosen first; the server's takes its place, and stays away where the
server fails, so that a broken helper never silences the bot.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from assistant.errors import ActionError
from assistant.messages import Reply

from .tracker import Tracker

log = logging.getLogger(__name__)


class RemoteWords(Protocol):
    """A server that words responses."""

    async def say(self, draft: Reply, tracker: Tracker) -> Reply | None:
        """Word the response ``draft.name``; ``None`` says nothing.

        Raises:
            ActionError: It is away, slow, or answered with something else.
        """
        ...


async def worded(words: RemoteWords, drafts: Sequence[Reply], tracker: Tracker) -> list[Reply]:
    """Let a server word the responses among some replies; the others stay as they are."""
    replies: list[Reply] = []
    for draft in drafts:
        if not draft.name.startswith("utter_"):
            replies.append(draft)
            continue
        try:
            reply = await words.say(draft, tracker)
        except ActionError as error:
            local = bool(
                draft.text or draft.image or draft.custom or draft.attachment or draft.elements
            )
            log.error("%s %s", error, "The bot's own wording is said." if local else "")
            reply = draft if local else None
        replies += [reply] if reply else []
    return replies
