"""Read the steps of stories, rules and test conversations, and the conditions of rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.stories import (
    ANY,
    ActionStep,
    BotStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    SlotStep,
    Step,
    UserStep,
)
from assistant.training_data import EntitySpan

from .entity_syntax import EntitySyntaxError, parse_marked
from .yaml_file import YamlFile, kind, plain

StepEntity = tuple[str, Any, str | None, str | None]
SNIPPET = "..."
"""Stands in a rule of Rasa 2 for whatever came before."""
_KEYS = (
    "intent", "user", "entities", "action", "bot", "slot_was_set", "active_loop", "checkpoint",
    "or", "metadata",
)  # fmt: skip
_PARTS = (
    ("intent", "user", "entities"), ("action",), ("bot",), ("checkpoint", "slot_was_set"),
    ("active_loop",), ("or",),
)  # fmt: skip
_LITERAL = re.compile(r"/(?P<intent>[^{@\s]+)(?:@[\d.]+)?\s*(?P<entities>\{.+\})?", re.DOTALL)


def read_steps(file: YamlFile, entry: Mapping[str, Any], key: str) -> Iterator[Step]:
    """Yield the steps of the list at ``entry[key]``."""
    items = file.sequence(entry, key, key)
    for i, item in enumerate(items):
        if isinstance(item, Mapping):
            yield from _step(file, item)
        elif item != SNIPPET:
            what = f"a step must be a mapping such as '- action: utter_greet', not {kind(item)}."
            file.fault(items, what, key=i)


def read_conditions(file: YamlFile, entry: Mapping[str, Any]) -> Iterator[Step]:
    """Yield the slots and loops that must hold for a rule."""
    for step in read_steps(file, entry, "condition"):
        if isinstance(step, (SlotStep, LoopStep)):
            yield step
        else:
            file.faults.add(step.where, "a condition is an active_loop or a slot_was_set.")


def _step(file: YamlFile, item: Mapping[str, Any]) -> Iterator[Step]:
    entry = file.mapping(item, "a step", known=_KEYS)
    parts = [part for part in _PARTS if any(key in entry for key in part)]
    if len(parts) > 1:
        names = " and ".join(next(key for key in part if key in entry) for part in parts)
        file.fault(item, f"{names} are several steps. Begin each with its own '- '.")
        return
    where = file.where(item)
    if "checkpoint" in entry:
        name = _name(file, entry, "checkpoint")
        yield CheckpointStep(name=name, slots=tuple(_slots(file, entry)), where=where)
    elif "intent" in entry or "user" in entry:
        yield _user(file, entry, where)
    elif "action" in entry:
        yield ActionStep(name=_name(file, entry, "action"), where=where)
    elif "bot" in entry:
        yield BotStep(text=_name(file, entry, "bot"), where=where)
    elif "slot_was_set" in entry:
        yield from _slots(file, entry)
    elif "active_loop" in entry:
        loop = entry["active_loop"]
        yield LoopStep(
            name=None if loop is None else _name(file, entry, "active_loop"), where=where
        )
    elif "or" in entry:
        yield from _or(file, entry, where)
    elif "metadata" not in entry:
        file.fault(
            item, "a step needs one of intent, user, action, bot, slot_was_set, active_loop."
        )


def _name(file: YamlFile, entry: Mapping[str, Any], key: str) -> str:
    return (file.text_at(entry, key) or "").strip()


def _user(file: YamlFile, entry: Mapping[str, Any], where: str) -> UserStep:
    entities = list(_entities(file, entry))
    text: str | None = None
    spans: tuple[EntitySpan, ...] = ()
    if "user" in entry:
        try:
            text, spans = parse_marked(_name(file, entry, "user"))
            entities = [(s.entity, s.value, s.role, s.group) for s in spans] + entities
        except EntitySyntaxError as error:
            file.fault(entry, f"{error}.", key="user")
    intent = _name(file, entry, "intent").lstrip("/") if "intent" in entry else None
    if text and (literal := _LITERAL.fullmatch(text)):
        intent = literal["intent"] if intent is None else intent
        entities += _literal_entities(literal["entities"])
    return UserStep(intent=intent, entities=tuple(entities), text=text, spans=spans, where=where)


def _literal_entities(text: str | None) -> list[StepEntity]:
    """The entities of ``/inform{"city": "Oslo"}``; none where that is not JSON."""
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError:
        return []
    return [
        (str(name), value, None, None)
        for name, values in found.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _entities(file: YamlFile, entry: Mapping[str, Any]) -> Iterator[StepEntity]:
    items = file.sequence(entry, "entities", "entities")
    for i, item in enumerate(items):
        if not isinstance(item, Mapping):
            yield str(item), ANY, None, None
            continue
        names = [key for key in item if key not in ("role", "group")]
        if not names:
            what = "an entity is written '- city: Oslo', perhaps with role and group."
            file.fault(items, what, key=i)
            continue
        if len(names) > 1:
            several = ", ".join(map(str, names))
            file.notice(items, f"of {several} only the last counts: give each its '- '.", key=i)
        role, group = file.name_at(item, "role"), file.name_at(item, "group")
        yield str(names[-1]), plain(item[names[-1]]), role, group


def _slots(file: YamlFile, entry: Mapping[str, Any]) -> Iterator[SlotStep]:
    section = entry.get("slot_was_set")
    if isinstance(section, Mapping):
        items, several = [section], False
    else:
        items, several = list(file.sequence(entry, "slot_was_set", "slot_was_set")), True
    for i, item in enumerate(items):
        if isinstance(item, Mapping):
            for name, value in item.items():
                yield SlotStep(name=str(name), value=plain(value), where=file.where(item))
        elif isinstance(item, str):
            where = file.where(section, i) if several else file.where(entry)
            yield SlotStep(name=item, value=ANY, where=where)
        else:
            what = f"a slot is written '- city: Oslo' or '- city', not {kind(item)}."
            file.fault(section, what, key=i)


def _or(file: YamlFile, entry: Mapping[str, Any], where: str) -> Iterator[Step]:
    choices: list[UserStep | SlotStep] = []
    for step in read_steps(file, entry, "or"):
        if isinstance(step, (UserStep, SlotStep)):
            choices.append(step)
        else:
            file.faults.add(step.where, "'or' joins only intents or slot_was_set.")
    if choices:
        yield OrStep(choices=tuple(choices), where=where)
