"""The values that travel: a user's turn going in, replies going out. All are frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Speaker = Literal["user", "bot"]
Source = Literal["rule", "story", "form", "faq", "generator", "fallback", "action"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A guess at what the user wants; ``confidence`` lies in [0, 1]."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A value that the user mentioned.

    Attributes:
        entity: Its type, e.g. ``"city"``.
        value: What it means after synonyms, mostly a string.
        start: Offset of its first character in ``Turn.text``.
        end: Offset after its last character.
        confidence: In [0, 1]; ``None`` for rules.
        role: What part it plays, e.g. ``"from"``.
        group: Which of several like things it belongs to.
        extractor: Which step found it.
        confidence_role: In [0, 1]; ``None`` without a role or for rules.
        confidence_group: In [0, 1]; ``None`` without a group or for rules.
        processors: Steps that changed the value, in order.
        additional_info: What is known of a date, an amount or another value with parts: JSON in
            the form of Duckling, e.g. ``{"grain": "day", "value": ..., "type": "value"}``.
    """

    entity: str
    value: Any
    start: int
    end: int
    confidence: float | None = None
    role: str | None = None
    group: str | None = None
    extractor: str = ""
    confidence_role: float | None = None
    confidence_group: float | None = None
    processors: tuple[str, ...] = ()
    additional_info: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """How the user feels: ``label`` is negative, neutral or positive.

    ``strength`` is P(positive) - P(negative), in [-1, 1].
    """

    label: Literal["negative", "neutral", "positive"]
    confidence: float
    strength: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One user message and all that is known of it.

    Attributes:
        text: As the user wrote it, after Unicode NFC.
        language: BCP 47 tag of ``text``, e.g. ``"zh"``.
        pivot: ``text`` in the bot's language; ``None`` where ``text`` is in it already.
        intents: Guesses, most probable first; empty until understood.
        entities: In the order of their start.
        sentiment: ``None`` until understood.
        retrieval: For each retrieval intent, the full keys (``"faq/warranty"``) ranked.
        literal: Whether the message was ``/intent{...}`` and bypassed the model.
    """

    text: str
    language: str = "en"
    pivot: str | None = None
    intents: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    sentiment: Sentiment | None = None
    retrieval: dict[str, tuple[Intent, ...]] = field(default_factory=dict)
    literal: bool = False

    @property
    def intent(self) -> Intent | None:
        """The best guess."""
        return self.intents[0] if self.intents else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice that the user may click; ``payload`` is sent as if typed.

    Attributes:
        extra: Other keys for the channel, such as ``url``.
    """

    title: str
    payload: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message of the bot.

    Attributes:
        text: What is said, in ``language``; may be empty when only an image or JSON is sent.
        buttons: Choices below the text.
        button_type: How a channel draws them, e.g. ``"vertical"``.
        quick_replies: Choices that vanish once one was taken.
        elements: Cards of a carousel, as free JSON.
        image: Address of a picture.
        attachment: Address or description of a file.
        custom: Free JSON for the channel.
        language: BCP 47 tag of ``text``.
        source: Who answered.
        name: The action or response that produced it, e.g. ``"utter_greet"``.
        variation: The ``id`` that the author gave to this wording of the response.
        pivot: ``text`` in the bot's language, where ``text`` is in another.
        metadata: Free JSON that the author gave to this wording.
    """

    text: str = ""
    buttons: tuple[Button, ...] = ()
    button_type: str | None = None
    quick_replies: tuple[Button, ...] = ()
    elements: tuple[dict[str, Any], ...] = ()
    image: str | None = None
    attachment: Any = None
    custom: dict[str, Any] | None = None
    language: str = "en"
    source: Source = "story"
    name: str = ""
    variation: str | None = None
    pivot: str | None = None
    metadata: Any = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One line of a conversation as the generator reads it.

    Attributes:
        speaker: ``"user"`` or ``"bot"``.
        text: As a person would type it, in the bot's language.
        intent: What the user wants, where known.
        sentiment: ``negative``, ``neutral`` or ``positive``, where known.
    """

    speaker: Speaker
    text: str
    intent: str | None = None
    sentiment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the generator answers: the conversation so far, the user's line last."""

    history: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the generator wrote.

    Attributes:
        text: The reply; empty when nothing fit to say was found.
        confidence: Mean probability per token of the opening, in [0, 1].
        tokens: Number of tokens written.
    """

    text: str
    confidence: float
    tokens: int
