"""Compare a message of a test conversation with what was understood, and go on with the truth.

As in Rasa, a conversation goes on with the intent and the entities that the story gives, whatever
was understood: one misread message is counted once and spoils no later prediction.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.events import UserSaid
from assistant.dialogue.story_events import said
from assistant.messages import Turn
from assistant.parse_result import full_intent, parse_result
from assistant.stories import ANY, UserStep

from .classification import Pair

MISSING = "none"


def true_message(step: UserStep, turn: Turn | None) -> UserSaid:
    """The message as the story gives it; an FAQ's best answer is what was understood."""
    message = said(step)
    if turn is None:
        return message
    parse = {**parse_result(turn), **message.parse_data}
    if step.intent is None:
        parse["intent"] = parse_result(turn)["intent"]
    return replace(message, text=turn.text, parse_data=parse, metadata={"language": turn.language})


def intent_pairs(step: UserStep, turn: Turn) -> list[Pair]:
    """(expected, understood); a retrieval intent may be expected with or without its key."""
    if step.intent is None:
        return []
    found = turn.intent.name if turn.intent else MISSING
    if found != step.intent:
        found = full_intent(turn) or found
    return [(step.intent, found)]


def entity_pairs(step: UserStep, turn: Turn) -> list[Pair]:
    """(expected, found) as ``"type=value"``; entities that are marked in the text by their place.

    Roles and groups are not compared, as in Rasa.
    """
    if not step.spans and step.entities:
        wanted = sorted({f"{name}={value}" for name, value, *_ in step.entities if value != ANY})
        given = sorted({f"{each.entity}={each.value}" for each in turn.entities})
        kept = [(name, name if name in given else MISSING) for name in wanted]
        return [*kept, *((MISSING, name) for name in given if name not in wanted)]
    expected = {(s.start, s.end, f"{s.entity}={s.value}") for s in step.spans}
    found = {(e.start, e.end, f"{e.entity}={e.value}") for e in turn.entities}
    missed = {key[:2]: key[2] for key in expected - found}
    extra = {key[:2]: key[2] for key in found - expected}
    right = [(label, label) for *_, label in sorted(expected & found)]
    places = sorted(missed.keys() | extra.keys())
    return [*right, *((missed.get(p, MISSING), extra.get(p, MISSING)) for p in places)]
