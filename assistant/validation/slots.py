"""Forms and their slots: forms that nothing starts, slots that nothing asks for or can fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.domain import Form, Mapping
from assistant.stories import ActionStep, LoopStep

from .code_names import CodeNames
from .extraction import finds_anything, found_entities, literal, payloads
from .finding import Findings
from .names import known_actions, steps_of

if TYPE_CHECKING:
    from assistant.bot import Bot


def check_forms(bot: Bot, code: CodeNames, found: Findings) -> None:
    """Note what keeps a form from being started or finished."""
    started = {
        step.name
        for step in steps_of([*bot.stories, *bot.rules])
        if isinstance(step, (ActionStep, LoopStep))
    }
    for form in bot.domain.forms.values():
        if form.name not in started and form.name not in code.used:
            found.warning(
                "unreachable-form", bot.domain.place("form", form.name),
                f"no story and no rule starts the form {form.name!r}. Add a rule with "
                f"'- action: {form.name}', or take it out.",
            )  # fmt: skip
        _check_prompts(bot, form, found)
    _check_fillable(bot, found)


def _check_prompts(bot: Bot, form: Form, found: Findings) -> None:
    known = known_actions(bot)
    for slot in form.required:
        names = [
            f"{verb}_ask_{rest}"
            for rest in (f"{form.name}_{slot}", slot)
            for verb in ("utter", "action")
        ]
        if not known.intersection(names):
            found.warning(
                "missing-prompt", bot.domain.place("form", form.name),
                f"form {form.name}: nothing asks for the slot {slot!r}. "
                f"Add the response utter_ask_{slot}.",
            )  # fmt: skip


def _check_fillable(bot: Bot, found: Findings) -> None:
    marked, anything = found_entities(bot), finds_anything(bot)
    said = {example.base_intent for example in bot.data.examples}
    said |= {read[0] for _, payload in payloads(bot) if (read := literal(payload))}
    custom = {name for name in bot.domain.actions if not name.startswith("utter_")}

    def fills(mapping: Mapping) -> bool:
        if mapping.type == "from_entity":
            return anything or (str(mapping.entity), mapping.role) in marked
        if mapping.type in {"from_intent", "from_trigger_intent"}:
            return not mapping.intents or bool(said.intersection(mapping.intents))
        return mapping.type == "from_text" or bool(custom)

    for form in bot.domain.forms.values():
        for name in form.required:
            slot = bot.domain.slots.get(name)
            if slot is None or not slot.mappings or any(map(fills, slot.mappings)):
                continue
            found.warning(
                "unfillable-slot", bot.domain.place("slot", name),
                f"nothing can fill the slot {name!r}, which the form {form.name} asks for: "
                f"{_why(slot.mappings[0])}",
            )  # fmt: skip


def _why(mapping: Mapping) -> str:
    if mapping.type == "from_entity":
        role = f" with the role {mapping.role!r}" if mapping.role else ""
        return (
            f"no example, lookup or regex has the entity {mapping.entity!r}{role}. "
            f"Mark it in some examples."
        )
    if mapping.type == "custom":
        return "the domain has no action that could set it. List one under actions:"
    return f"no example has the intent {' or '.join(mapping.intents)}. Add some."
