"""Examples: one text under two intents, intents without examples, retrieval without answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.domain import DEFAULT_INTENTS
from assistant.training_data import Example

from .extraction import literal, payloads
from .finding import Findings

if TYPE_CHECKING:
    from assistant.bot import Bot


def check_examples(bot: Bot, found: Findings) -> None:
    """Note what is wrong with the NLU examples."""
    _check_repeats(bot, found)
    _check_answers(bot, found)
    taught = {example.base_intent for example in bot.data.examples}
    if not taught:
        return  # a bot without understanding of its own, e.g. driven by buttons
    taught |= {read[0] for _, payload in payloads(bot) if (read := literal(payload))}
    for intent in bot.domain.intents:
        if intent not in taught and intent not in DEFAULT_INTENTS:
            found.warning(
                "intent-without-examples", bot.domain.place("intent", intent),
                f"intent {intent!r} has no examples. Add some under nlu:, or take it out.",
            )  # fmt: skip


def _check_repeats(bot: Bot, found: Findings) -> None:
    first: dict[str, Example] = {}
    for example in bot.data.examples:
        before = first.setdefault(example.text.strip(), example)
        if before.intent != example.intent:
            found.warning(
                "example-of-two-intents", example.where,
                f"{example.text.strip()!r} is an example of {example.intent!r} here and of "
                f"{before.intent!r} in {before.where}. Keep one.",
            )  # fmt: skip


def _check_answers(bot: Bot, found: Findings) -> None:
    for example in bot.data.examples:
        if "/" in example.intent and f"utter_{example.intent}" not in bot.domain.responses:
            found.warning(
                "missing-response", example.where,
                f"no response is called 'utter_{example.intent}'. Add it under responses:",
            )  # fmt: skip
