"""Choose and fill the wording of a response."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain import ButtonText, Domain, Variation
from assistant.messages import Button, Reply, Source

_SLOT = re.compile(r"\{([^\n{}]+?)\}")


class Responder:
    """Says the responses of a domain.

    Args:
        domain: The bot's domain.
        language: The language its texts are written in.
        seed: Of the choice between equal variations; ``None`` for a fresh one.
    """

    def __init__(self, domain: Domain, language: str, *, seed: int | None = None) -> None:
        self.domain = domain
        self.language = language
        self._random = random.Random(seed)

    def say(
        self,
        name: str,
        slots: Mapping[str, Any],
        *,
        language: str,
        channel: str | None = None,
        source: Source = "story",
    ) -> Reply | None:
        """Return one wording of a response, in ``language`` where the author wrote it so.

        Returns:
            The reply; its ``language`` is the one that its text is in. ``None`` when no
            response of that name fits.
        """
        fitting = best_variations(self.domain.responses.get(name, ()), slots, channel)
        if not fitting:
            return None
        written = [each for each in fitting if language in each.translation]
        chosen = self._random.choice(written or fitting)
        in_language = language if written else self.language
        text = chosen.translation[language] if written else chosen.text
        return Reply(
            text=filled(text, slots),
            buttons=tuple(_button(each, slots, in_language) for each in chosen.buttons),
            button_type=chosen.button_type,
            quick_replies=tuple(_button(each, slots, in_language) for each in chosen.quick_replies),
            elements=tuple(filled_json(each, slots) for each in chosen.elements),
            image=filled(chosen.image, slots) if chosen.image else None,
            attachment=filled_json(chosen.attachment, slots),
            custom=filled_json(chosen.custom, slots),
            language=in_language,
            source=source,
            name=name,
            variation=chosen.id,
            pivot=filled(chosen.text, slots) if written else None,
            metadata=chosen.metadata,
        )


def _button(button: ButtonText, slots: Mapping[str, Any], language: str) -> Button:
    title = button.translation.get(language, button.title)
    payload = filled(button.payload, slots)
    return Button(
        title=filled(title, slots), payload=payload, extra=filled_json(button.extra, slots)
    )


def best_variations(
    variations: Sequence[Variation], slots: Mapping[str, Any], channel: str | None
) -> list[Variation]:
    """Keep the variations that fit best.

    Order: condition and channel, channel, condition, neither (as in Rasa).
    """
    fitting = [
        each
        for each in variations
        if each.channel in (None, channel)
        and all(_equal(slots.get(name), value) for name, value in each.slots)
    ]
    for wants_channel, wants_condition in ((1, 1), (1, 0), (0, 1), (0, 0)):
        found = [
            each
            for each in fitting
            if bool(each.channel) == wants_channel and bool(each.slots) == wants_condition
        ]
        if found:
            return found
    return []


def _equal(actual: object, wanted: object) -> bool:
    if isinstance(actual, str) and isinstance(wanted, str):
        return actual.casefold() == wanted.casefold()
    return actual == wanted


def filled(text: str, slots: Mapping[str, Any]) -> str:
    """Put slot values in the place of ``{slot}``; unknown names stay as they are."""
    return _SLOT.sub(
        lambda m: str(slots[m[1]]) if slots.get(m[1]) is not None else _empty(m, slots), text
    )


def _empty(match: re.Match[str], slots: Mapping[str, Any]) -> str:
    return "" if match[1] in slots else match[0]


def filled_json(node: Any, slots: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Fill the texts inside a custom JSON payload."""
    if isinstance(node, dict):
        return {key: filled_json(value, slots) for key, value in node.items()}
    if isinstance(node, list):
        return [filled_json(value, slots) for value in node]
    return filled(node, slots) if isinstance(node, str) else node
