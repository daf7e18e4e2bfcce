"""Responses worded by a server, in Rasa's protocol (``nlg:`` in ``endpoints.yml``).

``POST {response, id, arguments, tracker, channel: {name}}`` gives
``{text, buttons, elements, attachment, image, custom}``; an empty answer says nothing.

Source: Rasa 3.6, "NLG servers" (``rasa.core.nlg.callback``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.dialogue.tracker import Tracker
from assistant.endpoints import Address
from assistant.errors import ActionError
from assistant.messages import Reply

from .helper_server import Answer, HelperError, HelperServer
from .reply_fields import button_list, card_list

SECONDS = 30.0
_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str, "buttons": list, "elements": list, "attachment": (dict, str), "image": str,
    "custom": dict,
}  # fmt: skip


class NlgServer:
    """Words responses at an address; it is a `RemoteWords`.

    Args:
        address: Of ``nlg``.
        seconds: How long a wording may take.
    """

    def __init__(self, address: Address, *, seconds: float = SECONDS) -> None:
        self._server = HelperServer(address, seconds=seconds)

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    async def say(self, draft: Reply, tracker: Tracker) -> Reply | None:
        """Word the response ``draft.name`` in the draft's place.

        Raises:
            ActionError: The server is away, slow, or answers with something else.
        """
        body = {
            "response": draft.name,
            "id": draft.variation,
            "arguments": {},
            "tracker": tracker.as_json(),
            "channel": {"name": tracker.channel},
        }
        try:
            return _reply(draft, await self._server.post(body))
        except HelperError as fault:
            where = self._server.address.url
            raise ActionError(
                f"response {draft.name}: the NLG server at {where} {fault}."
            ) from fault


def _reply(draft: Reply, answer: Answer) -> Reply | None:
    if answer.status >= 400:
        raise HelperError(f"answered with status {answer.status}")
    said = answer.json() if answer.body.strip() else None
    if not said:
        return None
    if not isinstance(said, Mapping):
        raise HelperError("answered with something that is no response")
    for key, kind in _TYPES.items():
        if said.get(key) is not None and not isinstance(said[key], kind):
            raise HelperError(f"answered with a wrong {key!r}")
    try:
        buttons, quick = (button_list(said.get(key)) for key in ("buttons", "quick_replies"))
        cards = card_list(said.get("elements"))
    except ValueError as error:
        raise HelperError(f"answered with something wrong: {error}") from error
    return replace(
        draft,
        text=said.get("text") or "",
        buttons=buttons,
        button_type=said.get("button_type"),
        quick_replies=quick,
        elements=cards,
        image=said.get("image"),
        attachment=said.get("attachment"),
        custom=said.get("custom"),
        pivot=None,
        metadata=said.get("metadata"),
    )
