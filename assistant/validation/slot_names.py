"""Names of slots, entities and values where nothing but a slip explains an unknown one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.domain import DEFAULT_SLOTS, Variation

from .code_names import CodeNames
from .finding import Findings
from .names import hint

if TYPE_CHECKING:
    from assistant.bot import Bot

_PLACE = re.compile(r"(?<!\{)\{([^\W\d]\w*)\}(?!\})")


def check_slot_names(bot: Bot, code: CodeNames, found: Findings) -> None:
    """Note what responses, mappings and intents say of slots and entities that are not there."""
    _check_places(bot, code, found)
    _check_response_conditions(bot, found)
    _check_mapping_conditions(bot, found)
    _check_initial_values(bot, found)
    _check_intents(bot, found)


def _check_places(bot: Bot, code: CodeNames, found: Findings) -> None:
    """``{name}`` in a response; an action may give a value of any name to the one it says."""
    known = {*bot.domain.slots, *DEFAULT_SLOTS}
    custom = any(not name.startswith("utter_") for name in bot.domain.actions)
    for response, variations in bot.domain.responses.items():
        if code.uses(response) or (custom and not code.exists):
            continue
        texts = [text for each in variations for text in _texts(each)]
        named = dict.fromkeys(name for text in texts for name in _PLACE.findall(text))
        for name in named:
            if name not in known:
                found.warning(
                    "unknown-slot", bot.domain.place("response", response),
                    f"{response}: {{{name}}} stays as it is, no slot is called {name!r}. "
                    f"{hint(name, bot.domain.slots)}",
                )  # fmt: skip


def _texts(variation: Variation) -> Iterator[str]:
    yield variation.text
    yield from variation.translation.values()
    for button in variation.choices:
        yield button.title
        yield from button.translation.values()
    for each in (variation.image, variation.attachment, variation.custom, variation.elements):
        yield from _strings(each)


def _strings(node: Any) -> Iterator[str]:  # noqa: ANN401 - free JSON
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _strings(value)


def _check_response_conditions(bot: Bot, found: Findings) -> None:
    for response, variations in bot.domain.responses.items():
        for name in dict.fromkeys(slot for each in variations for slot, _ in each.slots):
            if name not in {*bot.domain.slots, *DEFAULT_SLOTS}:
                found.warning(
                    "unknown-slot", bot.domain.place("response", response),
                    f"{response}: a condition names the slot {name!r}, which is not in the domain. "
                    f"{hint(name, bot.domain.slots)}",
                )  # fmt: skip


def _check_mapping_conditions(bot: Bot, found: Findings) -> None:
    for slot in bot.domain.slots.values():
        asked = {c.requested_slot for m in slot.mappings for c in m.conditions if c.requested_slot}
        for name in sorted(asked - bot.domain.slots.keys()):
            found.warning(
                "unknown-slot", bot.domain.place("slot", slot.name),
                f"slot {slot.name}: a condition names the slot {name!r}, which is not in the "
                f"domain. {hint(name, bot.domain.slots)}",
            )  # fmt: skip


def _check_initial_values(bot: Bot, found: Findings) -> None:
    for slot in bot.domain.slots.values():
        initial = slot.initial
        if slot.type != "categorical" or initial is None or not slot.values:
            continue
        if str(initial).lower() not in slot.values:
            found.warning(
                "initial-value", bot.domain.place("slot", slot.name),
                f"slot {slot.name}: the initial value {initial!r} is not among its values: "
                f"{', '.join(slot.values)}.",
            )  # fmt: skip


def _check_intents(bot: Bot, found: Findings) -> None:
    for intent, rule in bot.domain.intents.items():
        named = dict.fromkeys([*(rule.used or ()), *rule.ignored])
        for name in named:
            if name.split("#")[0] not in bot.domain.entities:  # city#from: its role alone
                found.warning(
                    "unknown-entity", bot.domain.place("intent", intent),
                    f"intent {intent}: entity {name!r} is not in the domain. "
                    f"{hint(name, bot.domain.entities)}",
                )  # fmt: skip
