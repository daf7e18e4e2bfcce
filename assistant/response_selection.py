"""What Rasa's ResponseSelector says in a parse result: the best answers to a question.

A selector without ``retrieval_intent`` is called ``default`` and ranks the keys of all retrieval
intents together; one with it ranks those of that intent. Here every retrieval intent has a block
of its own besides, so that ``utter_faq`` is answered within ``faq``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .domain import ButtonText, Variation
from .messages import Intent, Turn

if TYPE_CHECKING:
    from .bot import Bot

RANKING_LENGTH = 10
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ResponseSelection:
    """The selectors of a bot.

    Attributes:
        selectors: ``default``, or the retrieval intent that a selector is for.
        responses: The domain's, by name.
    """

    selectors: tuple[str, ...] = (DEFAULT,)
    responses: Mapping[str, Sequence[Variation]] = field(default_factory=dict)

    @classmethod
    def of(cls, bot: Bot) -> ResponseSelection:
        """Take the selectors that the pipeline names; ``default`` where it names none."""
        named = [
            str(entry.get("retrieval_intent") or DEFAULT)
            for entry in bot.config.pipeline or ()
            if str(entry.get("name", "")).split(".")[-1] == "ResponseSelector"
        ]
        return cls(tuple(dict.fromkeys(named)) or (DEFAULT,), bot.domain.responses)

    def block(self, turn: Turn) -> dict[str, Any]:
        """Return the value of ``response_selector``."""
        answered = {
            name.removeprefix("utter_").split("/", 1)[0] for name in self.responses if "/" in name
        }
        blocks = {name: self._answers(turn.retrieval.get(name, ())) for name in self.selectors}
        if DEFAULT in blocks:
            blocks[DEFAULT] = self._answers(_together(turn))
        blocks |= {name: self._answers(keys) for name, keys in turn.retrieval.items()}
        return {"all_retrieval_intents": sorted({*turn.retrieval, *answered}), **blocks}

    def _answers(self, keys: Sequence[Intent]) -> dict[str, Any]:
        best = keys[0].name if keys else None
        variations = self.responses.get(f"utter_{best}")
        return {
            "response": {
                "responses": [variation_json(each) for each in variations] if variations else None,
                "confidence": round(keys[0].confidence, 6) if keys else 0.0,
                "intent_response_key": best,
                "utter_action": f"utter_{best}",
            },
            "ranking": [
                {"confidence": round(key.confidence, 6), "intent_response_key": key.name}
                for key in keys[:RANKING_LENGTH]
            ],
        }


def _together(turn: Turn) -> list[Intent]:
    """Rank the keys of all retrieval intents, by probability given that it is one of them."""
    weight = {intent.name: intent.confidence for intent in turn.intents}
    shares = {
        key.name: key.confidence * weight.get(name, 0.0)
        for name, keys in turn.retrieval.items()
        for key in keys
    }
    total = max(sum(shares.values()), 1e-12)
    ranked = sorted(shares.items(), key=lambda share: -share[1])
    return [Intent(name=name, confidence=min(1.0, share / total)) for name, share in ranked]


def variation_json(variation: Variation) -> dict[str, Any]:
    """Return a wording under the keys of ``domain.yml``; what is not set is left out."""
    found: dict[str, Any] = {
        "text": variation.text,
        "buttons": [_button(each) for each in variation.buttons],
        "quick_replies": [_button(each) for each in variation.quick_replies],
        "elements": list(variation.elements),
        "condition": [
            {"type": "slot", "name": name, "value": value} for name, value in variation.slots
        ],
        **{
            key: getattr(variation, key)
            for key in (
                "button_type", "image", "attachment", "custom", "channel", "metadata", "id",
            )
        },
    }  # fmt: skip
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _button(button: ButtonText) -> dict[str, Any]:
    return {"title": button.title, "payload": button.payload, **button.extra}
