"""Read the ``stories:`` and ``rules:`` sections of a bot's files, and test conversations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.stories import OrStep, Step, Story, UserStep

from .story_steps import read_conditions, read_steps
from .yaml_file import YamlFile, plain

_STORY_KEYS = ("story", "steps", "metadata")
_RULE_KEYS = (
    "rule", "steps", "condition", "conversation_start", "wait_for_user_input", "metadata",
)  # fmt: skip


def read_stories(file: YamlFile, *, is_test: bool = False) -> list[Story]:
    """Return one file's stories.

    Args:
        file: The parsed file.
        is_test: Whether these are test conversations, which may name whole retrieval intents
            (``faq/warranty``); in stories only the part before the stroke counts.
    """
    return [
        Story(
            name=file.name_at(entry, "story") or "",
            steps=tuple(_training_steps(file, entry, is_test=is_test)),
            where=file.where(entry),
            metadata=_metadata(entry),
        )
        for entry in _entries(file, "stories", "story", _STORY_KEYS)
    ]


def read_rules(file: YamlFile) -> list[Story]:
    """Return one file's rules."""
    return [
        Story(
            name=file.name_at(entry, "rule") or "",
            steps=tuple(_training_steps(file, entry, is_test=False)),
            conditions=tuple(read_conditions(file, entry)),
            from_start=file.flag_at(entry, "conversation_start", default=False),
            waits=file.flag_at(entry, "wait_for_user_input", default=True),
            where=file.where(entry),
            metadata=_metadata(entry),
        )
        for entry in _entries(file, "rules", "rule", _RULE_KEYS)
    ]


def _metadata(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Rasa keeps any value; one that is no mapping is kept under its own name."""
    section = entry.get("metadata")
    if section is None:
        return {}
    return dict(plain(section)) if isinstance(section, Mapping) else {"metadata": plain(section)}


def _entries(
    file: YamlFile, section: str, name: str, known: tuple[str, ...]
) -> Iterator[Mapping[str, Any]]:
    items = file.sequence(file.data, section, section)
    for i, item in enumerate(items):
        entry = file.mapping(item, f"a {name}", known=known, place=(items, i))
        if entry and name not in entry:
            file.notice(item, f"a {name} without the key {name!r} is not read.")
        elif entry and not entry.get("steps"):
            file.notice(entry, f"{name} {entry[name]!r} has no steps.", key="steps")
        elif entry:
            yield entry


def _training_steps(file: YamlFile, entry: Mapping[str, Any], *, is_test: bool) -> Iterator[Step]:
    for step in read_steps(file, entry, "steps"):
        yield step
        if not is_test:
            for each in step.choices if isinstance(step, OrStep) else (step,):
                _check_intent(file, each)


def _check_intent(file: YamlFile, step: Step) -> None:
    if isinstance(step, UserStep) and "/" in (step.intent or ""):
        base = (step.intent or "").split("/", 1)[0]
        file.faults.notice(step.where, f"intent {step.intent!r} is read as {base!r} in stories.")
