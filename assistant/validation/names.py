"""Every name that a bot's files use must be defined somewhere.

Rasa refuses a story with an unknown action or form, and a form with an unknown slot; of unknown
intents, entities and slots elsewhere it warns.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from assistant.domain import DEFAULT_ACTIONS, DEFAULT_SLOTS, Mapping, Slot
from assistant.stories import (
    ActionStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    SlotStep,
    Step,
    Story,
    UserStep,
)
from assistant.training_data import EntitySpan

from .finding import Findings

if TYPE_CHECKING:
    from assistant.bot import Bot

SNIPPET = "..."
"""Rasa's action for "anything may have happened before"."""


def check_unknown_names(bot: Bot, found: Findings) -> None:
    """Note every intent, entity, action, slot and form that is used and not defined."""
    _check_examples(bot, found)
    actions = known_actions(bot)
    for story in [*bot.stories, *bot.rules, *bot.tests]:
        for step in flat([*story.conditions, *story.steps]):
            _check_step(bot, step, actions, found)
    _check_forms(bot, found)
    told: set[str] = set()
    for slot in bot.domain.slots.values():
        for mapping in slot.mappings:
            _check_mapping(bot, slot, mapping, told, found)
    _check_settings(bot, found)


def known_actions(bot: Bot) -> set[str]:
    """All names that may stand after ``action:``."""
    retrieval = {name.split("/", 1)[0] for name in bot.domain.responses if "/" in name}
    return {
        *bot.domain.actions, *bot.domain.responses, *bot.domain.forms, *DEFAULT_ACTIONS,
        *retrieval, SNIPPET,
    }  # fmt: skip


def flat(steps: Iterable[Step]) -> Iterable[Step]:
    """Yield the steps, with those inside ``or`` and the slots of checkpoints."""
    for step in steps:
        if isinstance(step, OrStep):
            yield from step.choices
        elif isinstance(step, CheckpointStep):
            yield from step.slots
        else:
            yield step


def steps_of(stories: Iterable[Story]) -> Iterable[Step]:
    """Yield every step of some stories, conditions included."""
    for story in stories:
        yield from flat([*story.conditions, *story.steps])


def hint(name: str, known: Iterable[str], add: str = "it") -> str:
    """Name the nearest known one, or say what to do; a list of all would fill the screen."""
    close = get_close_matches(name, sorted(known), n=1)
    return (
        f"Did you mean {close[0]!r}?" if close else f"Add {add} to the domain, or correct the name."
    )


def _intent(bot: Bot, where: str, name: str, found: Findings, *, of: str = "") -> None:
    base = name.split("/", 1)[0]
    if base not in bot.intents:
        what = f"{of}intent {base!r} is not in the domain. {hint(base, bot.intents)}"
        found.warning("unknown-intent", where, what)


def _entity(bot: Bot, where: str, name: str, found: Findings, *, of: str = "") -> None:
    if name not in bot.domain.entities:
        what = f"{of}entity {name!r} is not in the domain. {hint(name, bot.domain.entities)}"
        found.warning("unknown-entity", where, what)


def _role(bot: Bot, where: str, span: EntitySpan | Mapping, found: Findings) -> None:
    """Roles need not stand in the domain; where some do, a missing one is a slip."""
    entity = bot.domain.entities.get(str(span.entity))
    if entity and entity.roles and span.role is not None and span.role not in entity.roles:
        what = f"entity {span.entity!r} has no role {span.role!r} in the domain. "
        found.warning("unknown-role", where, what + hint(span.role, entity.roles))


def _check_examples(bot: Bot, found: Findings) -> None:
    """Each unknown name is told once, where it comes first."""
    told: set[tuple[str, str | None]] = set()
    for example in [*bot.data.examples, *bot.held_out.examples]:
        if example.intent and (example.base_intent, None) not in told:
            told.add((example.base_intent, None))
            _intent(bot, example.where, example.intent, found)
        for span in example.entities:
            if (f"entity {span.entity}", span.role) not in told:
                told.add((f"entity {span.entity}", span.role))
                _entity(bot, example.where, span.entity, found)
                _role(bot, example.where, span, found)


def _check_step(bot: Bot, step: Step, actions: set[str], found: Findings) -> None:
    match step:
        case UserStep():
            if step.intent is not None:
                _intent(bot, step.where, step.intent, found)
            for entity, *_ in step.entities:
                _entity(bot, step.where, entity, found)
        case ActionStep(name=name) if not {name, name.split("/", 1)[0]} & actions:
            add = "the response" if name.startswith("utter_") else "it"
            what = f"no action is called {name!r}. {hint(name, actions, add)}"
            found.error("unknown-action", step.where, what)
        case SlotStep(name=name) if name not in {*bot.domain.slots, *DEFAULT_SLOTS}:
            what = f"no slot is called {name!r}. {hint(name, bot.domain.slots)}"
            found.warning("unknown-slot", step.where, what)
        case LoopStep(name=str(name)) if name not in actions:
            what = f"no form is called {name!r}. {hint(name, bot.domain.forms)}"
            found.error("unknown-form", step.where, what)


def _check_forms(bot: Bot, found: Findings) -> None:
    for form in bot.domain.forms.values():
        place, of = bot.domain.place("form", form.name), f"form {form.name}: "
        for name in form.required:
            if name not in bot.domain.slots:
                what = f"{of}no slot is called {name!r}. {hint(name, bot.domain.slots)}"
                found.error("unknown-slot", place, what)
        for intent in form.ignored_intents:
            _intent(bot, place, intent, found, of=of)


def _check_mapping(bot: Bot, slot: Slot, mapping: Mapping, told: set[str], found: Findings) -> None:
    place, of = bot.domain.place("slot", slot.name), f"slot {slot.name}: "
    if mapping.type == "from_entity" and mapping.entity is not None:
        _entity(bot, place, mapping.entity, found, of=of)
        _role(bot, place, mapping, found)
    for intent in dict.fromkeys((*mapping.intents, *mapping.not_intents)):
        if intent not in told:
            told.add(intent)
            _intent(bot, place, intent, found, of=of)
    for name in (condition.active_loop for condition in mapping.conditions):
        if name is None:
            continue
        form = bot.domain.forms.get(name)
        if form is None:
            what = f"{of}a condition names the form {name!r}, which is not in the domain. "
            found.error("unknown-form", place, what + hint(name, bot.domain.forms))
        elif form.required and slot.name not in form.required and not _triggers(mapping):
            found.error(
                "slot-not-in-form", place,
                f"{of}a condition names the form {name!r}, which does not ask for it. "
                f"Add {slot.name} to its required_slots.",
            )  # fmt: skip


def _triggers(mapping: Mapping) -> bool:
    """Whether it fills the slot as the form begins; the form need not ask for it then."""
    return mapping.type == "from_trigger_intent"


def _check_settings(bot: Bot, found: Findings) -> None:
    slot = bot.config.sentiment.slot
    if slot and slot not in bot.domain.slots:
        what = f"sentiment.slot: no slot is called {slot!r}. {hint(slot, bot.domain.slots)}"
        found.error("unknown-slot", "config.yml", what)
    writer, responses = bot.config.generation, bot.domain.responses
    if writer and writer.enabled and writer.fallback not in responses:
        what = f"generation.fallback: no response is called {writer.fallback!r}. "
        found.error("unknown-response", "config.yml", what + hint(writer.fallback, responses))
