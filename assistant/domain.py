"""The values of a bot's domain: intents, entities, slots, forms, responses, actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRule:
    """Which entities count for an intent: all, only ``used``, or all but ``ignored``.

    Attributes:
        used: The entities of ``use_entities``; ``None`` for all.
        ignored: Those of ``ignore_entities``, or without that key the entities that do not
            influence conversations.
        retrieval: Whether a retrieval response answers it (``faq`` of ``faq/warranty``).
    """

    used: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()
    retrieval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What an entity type has besides its name.

    Attributes:
        roles: Such as ``from`` and ``to``.
        groups: Such as ``1`` and ``2``.
        influences: Whether policies see it, where its intent says nothing else.
    """

    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    influences: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A state of the forms in which a mapping applies.

    Attributes:
        active_loop: The form; ``None`` for no active one (``active_loop: null``).
        requested_slot: What the form asks for; ``None`` for anything.
    """

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
    """A value that the bot remembers.

    Attributes:
        type: One of `SLOT_TYPES`, or for a slot class of the bot's own its dotted path.
        values: Of a categorical slot, in lower case.
        initial: Its value before anything was said.
        influences: Whether policies see it.
        low: Of a float slot: the value whose feature is 0.
        high: Of a float slot: the value whose feature is 1.
        mappings: The first that applies fills the slot.
        extra: Keys that only a slot class of the bot's own knows.
    """

    name: str
    type: str = "text"
    values: tuple[str, ...] = ()
    initial: Any = None
    influences: bool = True
    low: float = 0.0
    high: float = 1.0
    mappings: tuple[Mapping, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def is_custom(self) -> bool:
        """Whether a Python class of the bot's own stands behind it."""
        return "." in self.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions asked until all ``required`` slots are filled."""

    name: str
    required: tuple[str, ...]
    ignored_intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonText:
    """A button as the author wrote it, with the title in other languages.

    Attributes:
        extra: Other keys, for the channel, such as ``url`` or ``content_type``.
    """

    title: str
    payload: str
    translation: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One wording of a response.

    Attributes:
        text: In the bot's language.
        translation: The author's text in other languages, by language tag.
        buttons: Choices below the text.
        button_type: How a channel draws them, e.g. ``"vertical"``.
        quick_replies: Choices that vanish once one was taken.
        attachment: Free JSON, or an address.
        elements: Cards of a carousel, as free JSON.
        slots: Values that slots must have (``condition:``), compared without case.
        channel: Only for this channel.
        metadata: Free JSON, passed on with the message.
    """

    text: str = ""
    translation: dict[str, str] = field(default_factory=dict)
    buttons: tuple[ButtonText, ...] = ()
    button_type: str | None = None
    quick_replies: tuple[ButtonText, ...] = ()
    image: str | None = None
    attachment: Any = None
    elements: tuple[dict[str, Any], ...] = ()
    custom: dict[str, Any] | None = None
    channel: str | None = None
    slots: tuple[tuple[str, Any], ...] = ()
    metadata: Any = None
    id: str | None = None

    @property
    def choices(self) -> tuple[ButtonText, ...]:
        """The buttons, then the quick replies."""
        return (*self.buttons, *self.quick_replies)


@dataclass(kw_only=True)
class Domain:
    """Everything that a bot may understand, remember, say and do.

    Attributes:
        actions: Names, with whether the action asks for the domain where an action server is sent
            it on demand only (``send_domain: true``).
        e2e_actions: Texts that the bot says word for word in end-to-end stories.
        session_minutes: Silence after which a new session begins; 0 for never.
        carry_over: Whether slots keep their values in a new session.
        store_entities: Whether entities fill slots at all.
        places: ``kind name`` to ``file:line``.
        root: The bot's folder, where slot classes of its own lie.
    """

    intents: dict[str, IntentRule] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    responses: dict[str, tuple[Variation, ...]] = field(default_factory=dict)
    actions: dict[str, bool] = field(default_factory=dict)
    e2e_actions: tuple[str, ...] = ()
    session_minutes: float = 60.0
    carry_over: bool = True
    store_entities: bool = True
    places: dict[str, str] = field(default_factory=dict)
    root: Path = Path()

    def place(self, kind: str, name: str) -> str:
        """``file:line`` where something is defined."""
        return self.places.get(f"{kind} {name}", "domain.yml")


SLOT_TYPES = ("text", "bool", "float", "list", "categorical", "any")
MAPPING_TYPES = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")
DEFAULT_INTENTS = ("restart", "back", "out_of_scope", "session_start", "nlu_fallback")
DEFAULT_SLOTS = ("requested_slot", "session_started_metadata")
DEFAULT_ACTIONS = (
    "action_listen",
    "action_restart",
    "action_session_start",
    "action_default_fallback",
    "action_deactivate_loop",
    "action_revert_fallback_events",
    "action_default_ask_affirmation",
    "action_default_ask_rephrase",
    "action_two_stage_fallback",
    "action_unlikely_intent",
    "action_back",
    "action_extract_slots",
    "action_generate_reply",
)
