"""Check that every name which a bot's files use is defined somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.domain import DEFAULT_ACTIONS
from assistant.errors import nearest
from assistant.files.yaml_file import Faults
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

if TYPE_CHECKING:
    from assistant.bot import Bot


def check_names(bot: Bot, faults: Faults) -> None:
    """Note every intent, entity, action, slot and form that is used and not defined."""
    _check_examples(bot, faults)
    for story in [*bot.stories, *bot.rules, *bot.tests]:
        _check_story(bot, story, faults)
    _check_forms(bot, faults)
    _check_responses(bot, faults)
    _check_sentiment(bot, faults)


def known_actions(bot: Bot) -> set[str]:
    """All names that may stand after ``action:``."""
    retrieval = {
        f"utter_{intent}" for intent in bot.domain.intents
    }  # a retrieval intent is answered by utter_NAME
    return {
        *bot.domain.actions,
        *bot.domain.responses,
        *bot.domain.forms,
        *DEFAULT_ACTIONS,
        *(name for name in retrieval if _has_retrieval(bot, name)),
    }


def _has_retrieval(bot: Bot, action: str) -> bool:
    return any(name.startswith(f"{action}/") for name in bot.domain.responses)


def _check_examples(bot: Bot, faults: Faults) -> None:
    for example in [*bot.data.examples, *bot.held_out.examples]:
        if example.base_intent not in bot.intents:
            hint = nearest(example.base_intent, bot.intents)
            faults.add(
                example.where, f"intent {example.base_intent!r} is not in the domain. {hint}"
            )
        if "/" in example.intent and f"utter_{example.intent}" not in bot.domain.responses:
            faults.add(example.where, f"no response is called 'utter_{example.intent}'.")
        for span in example.entities:
            if span.entity not in bot.domain.entities:
                hint = nearest(span.entity, bot.domain.entities)
                faults.add(example.where, f"entity {span.entity!r} is not in the domain. {hint}")


def _flat(steps: Iterable[Step]) -> Iterable[Step]:
    for step in steps:
        if isinstance(step, OrStep):
            yield from step.choices
        elif isinstance(step, CheckpointStep):
            yield from step.slots
        else:
            yield step


def _check_story(bot: Bot, story: Story, faults: Faults) -> None:
    actions = known_actions(bot)
    for step in _flat([*story.conditions, *story.steps]):
        if isinstance(step, UserStep):
            _check_user(bot, step, faults)
        elif isinstance(step, ActionStep) and step.name not in actions:
            base = step.name.split("/", 1)[0]
            if base not in actions:
                hint = nearest(step.name, actions)
                faults.add(step.where, f"no action is called {step.name!r}. {hint}")
        elif isinstance(step, SlotStep) and step.name not in {*bot.domain.slots, "requested_slot"}:
            hint = nearest(step.name, bot.domain.slots)
            faults.add(step.where, f"no slot is called {step.name!r}. {hint}")
        elif isinstance(step, LoopStep) and step.name and step.name not in bot.domain.forms:
            hint = nearest(step.name, bot.domain.forms)
            faults.add(step.where, f"no form is called {step.name!r}. {hint}")


def _check_user(bot: Bot, step: UserStep, faults: Faults) -> None:
    if step.intent is not None and step.intent.split("/", 1)[0] not in bot.intents:
        hint = nearest(step.intent, bot.intents)
        faults.add(step.where, f"intent {step.intent!r} is not in the domain. {hint}")
    for entity, *_ in step.entities:
        if entity not in bot.domain.entities:
            hint = nearest(entity, bot.domain.entities)
            faults.add(step.where, f"entity {entity!r} is not in the domain. {hint}")


def _check_forms(bot: Bot, faults: Faults) -> None:
    for form in bot.domain.forms.values():
        for name in form.required:
            if name not in bot.domain.slots:
                hint = nearest(name, bot.domain.slots)
                place = bot.domain.place("form", form.name)
                faults.add(place, f"form {form.name}: no slot is called {name!r}. {hint}")
    for slot in bot.domain.slots.values():
        for mapping in slot.mappings:
            if mapping.type == "from_entity" and mapping.entity not in bot.domain.entities:
                hint = nearest(str(mapping.entity), bot.domain.entities)
                place = bot.domain.place("slot", slot.name)
                faults.add(
                    place,
                    f"slot {slot.name}: entity {mapping.entity!r} is not in the domain. {hint}",
                )


def _check_responses(bot: Bot, faults: Faults) -> None:
    for name in bot.domain.actions:
        if name.startswith("utter_") and name not in known_actions_without(bot, name):
            faults.add("domain.yml", f"action {name!r} has no response. Add it under responses:")


def known_actions_without(bot: Bot, name: str) -> set[str]:
    """Responses that can stand behind an ``utter_`` action."""
    return {*bot.domain.responses, *({name} if _has_retrieval(bot, name) else ())}


def _check_sentiment(bot: Bot, faults: Faults) -> None:
    slot = bot.config.sentiment.slot
    if slot and slot not in bot.domain.slots:
        hint = nearest(slot, bot.domain.slots)
        faults.add("config.yml", f"sentiment.slot: no slot is called {slot!r}. {hint}")
    generation = bot.config.generation
    if generation and generation.enabled and generation.fallback not in bot.domain.responses:
        hint = nearest(generation.fallback, bot.domain.responses)
        faults.add(
            "config.yml",
            f"generation.fallback: no response is called {generation.fallback!r}. {hint}",
        )
