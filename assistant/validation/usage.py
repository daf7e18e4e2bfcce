"""What a domain defines and nothing uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.domain import DEFAULT_ACTIONS, DEFAULT_INTENTS
from assistant.stories import ActionStep, UserStep

from .code_names import CodeNames
from .extraction import finds_anything, found_entities
from .finding import Findings
from .names import steps_of

if TYPE_CHECKING:
    from assistant.bot import Bot

_ASKED_BY_DEFAULT = (
    "utter_default", "utter_restart", "utter_session_start", "utter_ask_rephrase",
    "utter_ask_affirmation",
)  # fmt: skip


def check_usage(bot: Bot, code: CodeNames, found: Findings) -> None:
    """Note intents, actions, responses, entities and slots that nothing uses."""
    steps = list(steps_of([*bot.stories, *bot.rules]))
    done = {step.name for step in steps if isinstance(step, ActionStep)} | code.used
    _check_intents(bot, {s.intent for s in steps if isinstance(s, UserStep) and s.intent}, found)
    _check_actions(bot, done, found)
    _check_responses(bot, done, code, found)
    _check_entities(bot, steps, found)


def _check_intents(bot: Bot, said: set[str], found: Findings) -> None:
    used = {name.split("/", 1)[0] for name in said} | set(DEFAULT_INTENTS)
    for slot in bot.domain.slots.values():
        for mapping in slot.mappings:
            used |= {*mapping.intents, *mapping.not_intents}
    for form in bot.domain.forms.values():
        used |= set(form.ignored_intents)
    for intent in bot.domain.intents:
        if intent not in used:
            found.warning(
                "unused-intent", bot.domain.place("intent", intent),
                f"intent {intent!r} is not used in any story or rule. Say there what the bot does.",
            )  # fmt: skip


def _check_actions(bot: Bot, done: set[str], found: Findings) -> None:
    asks = {f"action_ask_{slot}" for slot in _asked(bot)}
    mapped = {m.action for slot in bot.domain.slots.values() for m in slot.mappings}
    used = {*done, *DEFAULT_ACTIONS, *asks, *mapped, "action_validate_slot_mappings"}
    used |= {f"validate_{form}" for form in bot.domain.forms}
    fallbacks = {entry.get("core_fallback_action_name") for entry in bot.config.policies or []}
    for action in bot.domain.actions:
        known = action.startswith("utter_") or action in bot.domain.forms
        if not known and action not in used | fallbacks:
            found.warning(
                "unused-action", bot.domain.place("action", action),
                f"action {action!r} is not used in any story or rule. Use it, or take it out.",
            )  # fmt: skip


def _check_responses(bot: Bot, done: set[str], code: CodeNames, found: Findings) -> None:
    used = {*done, *_ASKED_BY_DEFAULT, *(f"utter_ask_{slot}" for slot in _asked(bot))}
    used |= {f"utter_{example.intent}" for example in bot.data.examples}
    if bot.config.generation:
        used.add(bot.config.generation.fallback)
    unused = [
        name for name in bot.domain.responses
        if name not in used and name.split("/", 1)[0] not in done and not code.uses(name)
    ]  # fmt: skip
    custom = [name for name in bot.domain.actions if not name.startswith("utter_")]
    if custom and not code.exists and len(unused) > 1:
        found.warning(
            "unused-response", bot.domain.place("response", unused[0]),
            f"{len(unused)} responses are in no story or rule, and the code of the actions is not "
            f"here to look into: {', '.join(unused)}.",
        )  # fmt: skip
        return
    for name in unused:
        found.warning(
            "unused-response", bot.domain.place("response", name),
            f"response {name!r} is not used in any story or rule. Use it, or take it out.",
        )  # fmt: skip


def _asked(bot: Bot) -> Iterable[str]:
    """``slot`` and ``form_slot`` of all that forms may ask for."""
    for form in bot.domain.forms.values():
        for slot in {*form.required, *bot.domain.slots}:  # a custom action may ask for any slot
            yield from (slot, f"{form.name}_{slot}")


def _check_entities(bot: Bot, steps: Iterable[object], found: Findings) -> None:
    if not bot.data.examples or finds_anything(bot):
        return
    marked = {name for name, _ in found_entities(bot)}
    told = {entity for step in steps if isinstance(step, UserStep) for entity, *_ in step.entities}
    for entity in bot.domain.entities:
        if entity not in marked | told:
            found.warning(
                "unused-entity", bot.domain.place("entity", entity),
                f"entity {entity!r} is in no example, lookup or regex. "
                "Mark it in examples, or take it out.",
            )  # fmt: skip
