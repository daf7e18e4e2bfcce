"""Custom actions on an action server, in Rasa's protocol.

``POST {next_action, sender_id, tracker, domain, version}`` gives ``{events, responses}``;
400 means that the action rejects the message, 404 that the server does not know it, 500 that it
failed. Nothing is tried twice: an action may have done its work before it failed.

Source: Rasa 3 "Action server" and rasa_sdk's ``/webhook`` (see also `deploy.domain_json`).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from assistant.bot import Bot
from assistant.dialogue.event_json import event_from_json
from assistant.dialogue.events import BotSaid
from assistant.dialogue.outcome import Outcome
from assistant.dialogue.responses import Responder
from assistant.dialogue.tracker import Tracker
from assistant.endpoints import Address
from assistant.errors import ActionError, EventError, nearest
from assistant.messages import Reply
from assistant.model_folder import trilogue_version

from .domain_json import domain_json
from .helper_server import Answer, HelperError, HelperServer
from .reply_fields import button_list, card_list

SECONDS = 300.0
"""As long as Rasa waits."""
COMPRESS = "COMPRESS_ACTION_SERVER_REQUEST"
log = logging.getLogger(__name__)


class ActionServer:
    """Runs actions at an address; it is a `RemoteActions`.

    Args:
        address: Of ``action_endpoint``, or only its URL, e.g. ``http://localhost:5055/webhook``.
        bot: The bot, for its domain and responses.
        seconds: How long an action may take.
    """

    def __init__(self, address: Address | str, bot: Bot, *, seconds: float = SECONDS) -> None:
        if isinstance(address, str):
            address = Address(url=address)
        compressed = os.environ.get(COMPRESS, "").lower() in {"1", "true", "t"}
        self._server = HelperServer(address, seconds=seconds, compressed=compressed)
        self._sends_every_domain = not address.options.get("enable_selective_domain")
        self._needs_domain = {name for name, needs in bot.domain.actions.items() if needs}
        self._domain = domain_json(bot.domain)
        self._language = bot.config.language
        self._responder = Responder(bot.domain, bot.config.language)

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    async def run(self, name: str, tracker: Tracker) -> Outcome:
        """Run an action there.

        Raises:
            ActionError: The server is away, slow, does not know the action, or failed.
        """
        body = {
            "next_action": name,
            "sender_id": tracker.conversation,
            "tracker": tracker.as_json(),
            "version": trilogue_version(),
        }
        if self._sends_every_domain or name in self._needs_domain:
            body["domain"] = self._domain
        try:
            answer = await self._server.post(body)
            if answer.status == 404:
                raise HelperError(f"does not know this action. {await self._known(name)}".strip())
            return self._outcome(name, answer, tracker)
        except HelperError as fault:
            what = str(fault).removesuffix(".")
            where = self._server.address.url
            end = "" if what.endswith("?") else "."
            raise ActionError(f"action {name}: the action server at {where} {what}{end}") from fault

    async def _known(self, name: str) -> str:
        """Name the nearest action that the server has, where it tells them."""
        try:
            answer = await self._server.get("actions")
            names = [str(each["name"]) for each in answer.json()] if answer.status == 200 else []
        except (HelperError, TypeError, KeyError):
            names = []
        return nearest(name, names) if names else ""

    def _outcome(self, name: str, answer: Answer, tracker: Tracker) -> Outcome:
        if answer.status == 400:
            log.info("action %s rejects the message: %s", name, _error_of(answer))
            return Outcome(rejected=True)
        if answer.status != 200:
            reason = _error_of(answer)
            raise HelperError(f"answered with status {answer.status}" + (reason and f": {reason}"))
        body = answer.json()
        try:
            events = [event_from_json(each) for each in body.get("events") or []]
            replies = [self._reply(each, tracker) for each in body.get("responses") or []]
            spoken = [self._spoken(event) for event in events if isinstance(event, BotSaid)]
        except EventError as error:
            raise HelperError(f"answered with a wrong event: {error}") from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise HelperError("answered with something that is no action result") from error
        return Outcome(
            events=[event for event in events if not isinstance(event, BotSaid)],
            replies=[*(reply for reply in replies if reply is not None), *spoken],
        )

    def _spoken(self, event: BotSaid) -> Reply:
        """Make a reply of a message that the action returned as an event."""
        said = {"text": event.text, **{k: v for k, v in event.data.items() if v}}
        return _overlaid(Reply(language=self._language, source="action"), said, self._language)

    def _reply(self, said: dict[str, Any], tracker: Tracker) -> Reply | None:
        """Make a reply of a response: its own fields on top of a response of the domain."""
        language = tracker.language or self._language
        name = said.get("response") or said.get("template")
        draft = Reply(language=self._language, source="action")
        if name:
            found = self._responder.say(
                str(name),
                {**tracker.slots, **said},
                language=language,
                channel=tracker.channel,
                source="action",
            )
            if found is None:
                log.warning("the action server names the response %r, which nothing defines", name)
                return None
            draft = found
        return _overlaid(draft, said, self._language)


def _overlaid(draft: Reply, said: Mapping[str, Any], language: str) -> Reply:
    """Put the fields that an action gives on top of a response."""
    return Reply(
        text=str(said.get("text") or draft.text),
        buttons=draft.buttons + button_list(said.get("buttons")),
        button_type=said.get("button_type") or draft.button_type,
        quick_replies=button_list(said.get("quick_replies")) or draft.quick_replies,
        elements=card_list(said.get("elements")) or draft.elements,
        image=said.get("image") or draft.image,
        attachment=said.get("attachment") or draft.attachment,
        custom=said.get("custom") or draft.custom,
        language=language if said.get("text") else draft.language,
        source="action",
        name=draft.name,
        pivot=None if said.get("text") else draft.pivot,
        metadata=said.get("metadata") or draft.metadata,
    )


def _error_of(answer: Answer) -> str:
    """The first line of ``error`` in a body that tells one."""
    try:
        body = answer.json()
    except HelperError:
        return ""
    error = body.get("error") if isinstance(body, Mapping) else None
    return str(error).strip().split("\n", maxsplit=1)[0][:200] if error else ""
