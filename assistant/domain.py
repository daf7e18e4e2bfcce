"""The values of a bot's domain: intents, entities, slots, forms, responses, actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRule:
    """Which entities count for an intent: all, only ``used``, or all but ``ignored``."""

    used: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A state of the forms in which a mapping applies."""

    active_loop: str | None
    requested_slot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One way in which a slot is filled after a user message."""

    type: str
    entity: str | None = None
    role: str | None = None
    group: str | None = None
    intents: tuple[str, ...] = ()
    not_intents: tuple[str, ...] = ()
    value: Any = None
    action: str | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A value that the bot remembers."""

    name: str
    type: str = "text"
    values: tuple[str, ...] = ()
    initial: Any = None
    influences: bool = True
    low: float = 0.0
    high: float = 1.0
    mappings: tuple[Mapping, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions asked until all ``required`` slots are filled."""

    name: str
    required: tuple[str, ...]
    ignored_intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonText:
    """A button as the author wrote it, with the title in other languages."""

    title: str
    payload: str
    translation: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One wording of a response.

    Attributes:
        text: In the bot's language.
        translation: The author's text in other languages, by language tag.
        slots: Values that slots must have (``condition:``), compared without case.
        channel: Only for this channel.
    """

    text: str = ""
    translation: dict[str, str] = field(default_factory=dict)
    buttons: tuple[ButtonText, ...] = ()
    image: str | None = None
    attachment: Any = None
    custom: dict[str, Any] | None = None
    channel: str | None = None
    slots: tuple[tuple[str, Any], ...] = ()
    id: str | None = None


@dataclass(kw_only=True)
class Domain:
    """Everything that a bot may understand, remember, say and do."""

    intents: dict[str, IntentRule] = field(default_factory=dict)
    entities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    responses: dict[str, tuple[Variation, ...]] = field(default_factory=dict)
    actions: dict[str, bool] = field(default_factory=dict)
    session_minutes: float = 60.0
    carry_over: bool = True
    places: dict[str, str] = field(default_factory=dict)

    def place(self, kind: str, name: str) -> str:
        """``file:line`` where something is defined."""
        return self.places.get(f"{kind} {name}", "domain.yml")


DEFAULT_INTENTS = ("restart", "back", "session_start", "nlu_fallback")
DEFAULT_ACTIONS = (
    "action_listen",
    "action_restart",
    "action_session_start",
    "action_default_fallback",
    "action_deactivate_loop",
    "action_back",
    "action_extract_slots",
    "action_generate_reply",
)
