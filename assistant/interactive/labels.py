"""What a message is to be understood as: an intent and marked entities, given by a person."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.dialogue.events import UserSaid
from assistant.messages import Turn
from assistant.parse_result import parse_result
from assistant.stories import UserStep
from assistant.training_data import EntitySpan


def spans_of(turn: Turn) -> tuple[EntitySpan, ...]:
    """The entities that were found, as marks in the text."""
    return tuple(
        EntitySpan(
            start=each.start, end=each.end, entity=each.entity, value=str(each.value),
            role=each.role, group=each.group,
        )
        for each in turn.entities
    )  # fmt: skip


def labelled_message(
    turn: Turn, intent: str, spans: Sequence[EntitySpan]
) -> tuple[UserSaid, UserStep]:
    """The message with its right labels, as an event and as the step of a story.

    What was understood besides, such as an FAQ's best answer, is kept where the intent was right.
    """
    parse = parse_result(turn)
    base, _, key = intent.partition("/")
    if parse["intent"]["name"] != base:
        parse["response_selector"] = {"all_retrieval_intents": []}
    parse["intent"] = {"name": base, "confidence": 1.0, **({"full": intent} if key else {})}
    if key:
        answer = {"intent_response_key": intent, "utter_action": f"utter_{intent}"}
        parse["response_selector"][base] = {"response": answer, "ranking": []}
    if tuple(spans) != spans_of(turn):
        parse["entities"] = [_entity(span) for span in spans]
    message = UserSaid(text=turn.text, parse_data=parse, metadata={"language": turn.language})
    values = tuple((span.entity, span.value, span.role, span.group) for span in spans)
    text = None if turn.literal else turn.text
    marks = () if turn.literal else tuple(spans)
    return message, UserStep(intent=intent, entities=values, text=text, spans=marks)


def _entity(span: EntitySpan) -> dict[str, object]:
    found = {
        "entity": span.entity, "value": span.value, "start": span.start, "end": span.end,
        "role": span.role, "group": span.group,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}
