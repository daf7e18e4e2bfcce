"""Read the ``stories:`` and ``rules:`` sections of a bot's files, and test conversations."""

from __future__ import annotations

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
    Story,
    UserStep,
)
from assistant.training_data import EntitySpan

from .entity_syntax import EntitySyntaxError, parse_marked
from .yaml_file import YamlFile, kind, plain

_STORY_KEYS = ("story", "steps", "metadata")
_RULE_KEYS = (
    "rule", "steps", "condition", "conversation_start", "wait_for_user_input", "metadata",
)  # fmt: skip
_STEP_KEYS = (
    "intent", "user", "entities", "action", "bot", "slot_was_set", "active_loop", "checkpoint",
    "or", "metadata",
)  # fmt: skip


def read_stories(file: YamlFile) -> list[Story]:
    """Return one file's stories."""
    return [
        Story(
            name=str(entry.get("story", "")),
            steps=tuple(_steps(file, entry, "steps")),
            where=file.where(item),
            metadata=_metadata(file, entry),
        )
        for item, entry in _entries(file, "stories", "story", _STORY_KEYS)
    ]


def read_rules(file: YamlFile) -> list[Story]:
    """Return one file's rules."""
    return [
        Story(
            name=str(entry.get("rule", "")),
            steps=tuple(_steps(file, entry, "steps")),
            conditions=tuple(_steps(file, entry, "condition")),
            from_start=bool(entry.get("conversation_start", False)),
            waits=bool(entry.get("wait_for_user_input", True)),
            where=file.where(item),
            metadata=_metadata(file, entry),
        )
        for item, entry in _entries(file, "rules", "rule", _RULE_KEYS)
    ]


def _metadata(file: YamlFile, entry: Mapping[str, Any]) -> dict[str, Any]:
    section = entry.get("metadata")
    return {} if section is None else dict(plain(file.mapping(section, "metadata")))


def _entries(
    file: YamlFile, section: str, name: str, known: tuple[str, ...]
) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    for item in file.sequence(file.data, section, section):
        entry = file.mapping(item, f"a {name}", known=known)
        if entry and (name not in entry or "steps" not in entry):
            file.fault(item, f"a {name} needs the keys {name!r} and 'steps'.")
        elif entry:
            yield item, entry


def _steps(file: YamlFile, entry: Mapping[str, Any], key: str) -> Iterator[Step]:
    for item in file.sequence(entry, key, key):
        yield from _step(file, item)


def _step(file: YamlFile, item: Any) -> Iterator[Step]:  # noqa: ANN401
    if not isinstance(item, Mapping):
        file.fault(
            item, f"a step must be a mapping such as '- action: utter_greet', not {kind(item)}."
        )
        return
    entry = file.mapping(item, "a step", known=_STEP_KEYS)
    where = file.where(item)
    if "checkpoint" in entry:
        slots = tuple(_slots(file, entry))
        yield CheckpointStep(name=str(entry["checkpoint"]), slots=slots, where=where)
    elif "intent" in entry or "user" in entry:
        yield _user(file, entry, where)
    elif "action" in entry:
        yield ActionStep(name=str(entry["action"]), where=where)
    elif "bot" in entry:
        yield BotStep(text=str(entry["bot"]).strip(), where=where)
    elif "slot_was_set" in entry:
        yield from _slots(file, entry)
    elif "active_loop" in entry:
        loop = entry["active_loop"]
        yield LoopStep(name=None if loop is None else str(loop), where=where)
    elif "or" in entry:
        yield from _or(file, entry, where)
    else:
        file.fault(
            item, "a step needs one of intent, user, action, bot, slot_was_set, active_loop."
        )


def _user(file: YamlFile, entry: Mapping[str, Any], where: str) -> UserStep:
    entities: list[tuple[str, Any, str | None, str | None]] = []
    text: str | None = None
    spans: tuple[EntitySpan, ...] = ()
    if entry.get("user") is not None:
        try:
            text, spans = parse_marked(str(entry["user"]).strip())
            entities = [(s.entity, s.value, s.role, s.group) for s in spans]
        except EntitySyntaxError as error:
            file.fault(entry, f"{error}.", key="user")
    for item in file.sequence(entry, "entities", "entities"):
        if isinstance(item, Mapping):
            settings = {"role", "group"}
            names = [key for key in item if key not in settings]
            if len(names) != 1:
                file.fault(
                    item, "an entity is written '- city: Oslo', perhaps with role and group."
                )
                continue
            found = (str(names[0]), plain(item[names[0]]), item.get("role"), item.get("group"))
            entities.append(found)
        else:
            entities.append((str(item), ANY, None, None))
    intent = entry.get("intent")
    name = None if intent is None else str(intent).lstrip("/")
    return UserStep(intent=name, entities=tuple(entities), text=text, spans=spans, where=where)


def _slots(file: YamlFile, entry: Mapping[str, Any]) -> Iterator[SlotStep]:
    section = entry.get("slot_was_set")
    items = (
        [section]
        if isinstance(section, Mapping)
        else file.sequence(entry, "slot_was_set", "slot_was_set")
    )
    for item in items:
        where = file.where(item if isinstance(item, Mapping) else entry)
        if isinstance(item, Mapping):
            for name, value in item.items():
                yield SlotStep(name=str(name), value=plain(value), where=where)
        else:
            yield SlotStep(name=str(item), value=ANY, where=where)


def _or(file: YamlFile, entry: Mapping[str, Any], where: str) -> Iterator[Step]:
    choices: list[UserStep | SlotStep] = []
    for item in file.sequence(entry, "or", "or"):
        for step in _step(file, item):
            if isinstance(step, (UserStep, SlotStep)):
                choices.append(step)
            else:
                file.faults.add(step.where, "'or' joins only intents or slot_was_set.")
    if choices:
        yield OrStep(choices=tuple(choices), where=where)
