"""The values of stories, rules and test conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .training_data import EntitySpan

ANY = "\x00any"
"""Marks ``slot_was_set: [- name]`` without a value: set to anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStep:
    """What the user says: an intent with entities, or a text, or both (in tests).

    Attributes:
        intent: ``None`` in an end-to-end story: only the text counts.
        entities: (type, value, role, group); the value is `ANY` where only the type is given.
        text: Without annotation marks.
        spans: The entities that are marked in the text.
    """

    intent: str | None
    entities: tuple[tuple[str, Any, str | None, str | None], ...] = ()
    text: str | None = None
    spans: tuple[EntitySpan, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStep:
    """What the bot does."""

    name: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotStep:
    """What the bot says, word for word (end-to-end stories, test conversations)."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotStep:
    """A slot that was set; ``value`` is `ANY` where only the name is given."""

    name: str
    value: Any
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopStep:
    """A form that became active, or ``None``: the active one was closed."""

    name: str | None
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointStep:
    """A joint of two stories, perhaps only where slots have values."""

    name: str
    slots: tuple[SlotStep, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrStep:
    """Alternatives: the story stands for one copy with each."""

    choices: tuple[UserStep | SlotStep, ...]
    where: str = ""


Step = UserStep | ActionStep | BotStep | SlotStep | LoopStep | CheckpointStep | OrStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A conversation, or for a rule a piece of one.

    Attributes:
        conditions: For a rule: slots and loops that must hold.
        from_start: For a rule: only at the start of a conversation.
        waits: For a rule: whether the bot listens after the last action.
    """

    name: str
    steps: tuple[Step, ...]
    where: str = ""
    conditions: tuple[Step, ...] = ()
    from_start: bool = False
    waits: bool = True
    metadata: dict[str, Any] = field(default_factory=dict)
