"""Custom actions on an action server, in Rasa's protocol.

``POST {next_action, sender_id, tracker, domain, version}`` gives ``{events, responses}``;
400 means that the action rejects the message, 404 that the server does not know it.

Source: Rasa 3 "Action server" and rasa_sdk's ``/webhook`` (see also `deploy.domain_json`).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp

from assistant.bot import Bot
from assistant.dialogue.event_json import event_from_json
from assistant.dialogue.outcome import Outcome
from assistant.dialogue.responses import Responder
from assistant.dialogue.tracker import Tracker
from assistant.errors import ActionError
from assistant.messages import Button, Reply
from assistant.model_folder import trilogue_version

from .domain_json import domain_json

SECONDS = 30.0
MOST_BYTES = 1024 * 1024
log = logging.getLogger(__name__)


class ActionServer:
    """Runs actions at an address; it is a `RemoteActions`.

    Args:
        address: E.g. ``http://localhost:5055/webhook``.
        bot: The bot, for its domain and responses.
        seconds: How long an action may take.
    """

    def __init__(self, address: str, bot: Bot, *, seconds: float = SECONDS) -> None:
        self.address = address
        self._seconds = seconds
        self._domain = domain_json(bot.domain)
        self._language = bot.config.language
        self._responder = Responder(bot.domain, bot.config.language)
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def run(self, name: str, tracker: Tracker) -> Outcome:
        """Run an action there.

        Raises:
            ActionError: The server is away, slow, does not know the action, or failed.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._seconds)
            )
        body = {
            "next_action": name,
            "sender_id": tracker.conversation,
            "tracker": tracker.as_json(),
            "domain": self._domain,
            "version": trilogue_version(),
        }
        try:
            async with self._session.post(
                self.address, json=body, allow_redirects=False
            ) as response:
                raw = await _read(response)
                status = response.status
        except asyncio.TimeoutError as error:
            raise self._fault(name, f"did not answer within {self._seconds:g} seconds") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise self._fault(name, f"cannot be reached ({type(error).__name__})") from error
        return self._outcome(name, status, raw, tracker)

    def _outcome(self, name: str, status: int, raw: bytes, tracker: Tracker) -> Outcome:
        if status == 400:
            return Outcome(rejected=True)
        if status == 404:
            raise self._fault(name, "does not know this action")
        if status != 200:
            raise self._fault(name, f"answered with status {status}")
        if len(raw) > MOST_BYTES:
            raise self._fault(name, f"answered with more than {MOST_BYTES} bytes")
        try:
            body = json.loads(raw)
            events = [event_from_json(each) for each in body.get("events") or []]
            replies = [self._reply(each, tracker) for each in body.get("responses") or []]
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise self._fault(name, "answered with something that is no action result") from error
        return Outcome(events=events, replies=[reply for reply in replies if reply is not None])

    def _fault(self, name: str, what: str) -> ActionError:
        return ActionError(f"action {name}: the action server at {self.address} {what}.")

    def _reply(self, said: dict[str, Any], tracker: Tracker) -> Reply | None:
        """Make a reply of a response: its own fields on top of a response of the domain."""
        language = tracker.language or self._language
        name = said.get("response") or said.get("template")
        draft = Reply(language=self._language, source="action")
        if name:
            slots = {**tracker.slots, **said}
            found = self._responder.say(str(name), slots, language=language, source="action")
            if found is None:
                log.warning("the action server names the response %r, which nothing defines", name)
                return None
            draft = found
        buttons = tuple(
            Button(title=str(each["title"]), payload=str(each.get("payload") or each["title"]))
            for each in said.get("buttons") or []
        )
        return Reply(
            text=str(said.get("text") or draft.text),
            buttons=draft.buttons + buttons,
            image=said.get("image") or draft.image,
            attachment=said.get("attachment") or draft.attachment,
            custom=_custom(said) or draft.custom,
            language=self._language if said.get("text") else draft.language,
            source="action",
            name=draft.name,
            pivot=None if said.get("text") else draft.pivot,
        )


def _custom(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Free JSON; cards (``elements``) travel as free JSON too."""
    custom = dict(said.get("custom") or {})
    if said.get("elements"):
        custom["elements"] = said["elements"]
    return custom or None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read one byte more than is allowed, so that a huge body shows and is not kept."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(65536):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            break
    return b"".join(parts)
