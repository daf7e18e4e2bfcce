from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.events import LoopActive, SlotSet, UserSaid
from assistant.dialogue.slot_filling import extract_slots
from assistant.dialogue.tracker import Tracker
from assistant.domain import Condition, Domain, Form, Mapping, Slot


def filled(
    mappings: tuple[Mapping, ...],
    *,
    kind: str = "text",
    intent: str = "inform",
    text: str = "to Oslo",
    entities: tuple[dict[str, Any], ...] = (),
    loop: str | None = None,
) -> dict[str, Any]:
    form = Form(name="trip_form", required=("town",), ignored_intents=("faq",))
    slots = {"town": Slot(name="town", type=kind, mappings=mappings)}
    tracker = Tracker("x", Domain(slots=slots, forms={"trip_form": form}))
    if loop:
        tracker.apply(LoopActive(name=loop))
        tracker.apply(SlotSet(name="requested_slot", value="town"))
    parse = {"intent": {"name": intent}, "entities": list(entities)}
    tracker.apply(UserSaid(text=text, parse_data=parse))
    return {e.name: e.value for e in extract_slots(tracker) if isinstance(e, SlotSet)}


def city(value: str, **more: str) -> dict[str, Any]:
    return {"entity": "city", "value": value, **more}


CITY = Mapping(type="from_entity", entity="city")
TO = Mapping(type="from_entity", entity="city", role="to")
TEXT = Mapping(type="from_text")
YES = Mapping(type="from_intent", intents=("affirm",), value="yes")
ASKED = Condition(active_loop="trip_form", requested_slot="town")


@pytest.mark.parametrize(
    ("mappings", "options", "expected"),
    [
        pytest.param((CITY,), {"entities": (city("Oslo"),)}, "Oslo", id="entity"),
        pytest.param((CITY,), {"entities": (city("A"), city("B"))}, "B", id="last-of-several"),
        pytest.param((CITY,), {"kind": "list", "entities": (city("A"),)}, ["A"], id="list"),
        pytest.param(
            (TO,), {"entities": (city("A", role="from"), city("B", role="to"))}, "B", id="role"
        ),
        pytest.param((TO,), {"entities": (city("A", role="from"),)}, None, id="other-role"),
        pytest.param((YES,), {"intent": "affirm"}, "yes", id="intent"),
        pytest.param((YES,), {"intent": "deny"}, None, id="other-intent"),
        pytest.param((TEXT,), {"text": "by the sea"}, "by the sea", id="text"),
        pytest.param((TEXT,), {"text": "/go"}, "/go", id="literal-message"),
        pytest.param(
            (Mapping(type="from_text", not_intents=("inform",)),), {}, None, id="not-intent"
        ),
        pytest.param((CITY, TEXT), {"text": "hm"}, "hm", id="second-mapping"),
        pytest.param((Mapping(type="custom", action="a"),), {}, None, id="custom"),
        pytest.param(
            (Mapping(type="from_trigger_intent", intents=("book",), value=1),),
            {"intent": "book", "kind": "any"}, None, id="trigger-intent-without-a-form",
        ),
        pytest.param(
            (Mapping(type="from_trigger_intent", intents=("book",), value=1),),
            {"intent": "book", "loop": "trip_form"}, 1, id="trigger-intent-of-the-form",
        ),
        pytest.param((TEXT,), {"intent": "faq", "loop": "trip_form"}, None, id="ignored-intent"),
        pytest.param(
            (Mapping(type="from_text", conditions=(ASKED,)),), {}, None, id="condition-fails"
        ),
        pytest.param(
            (Mapping(type="from_text", conditions=(ASKED,)),),
            {"loop": "trip_form"}, "to Oslo", id="condition-holds",
        ),
        pytest.param(
            (Mapping(type="from_text", conditions=(Condition(active_loop=None),)),),
            {"loop": "trip_form"}, None, id="only-without-a-form",
        ),
        pytest.param(
            (Mapping(type="from_text", conditions=(Condition(active_loop=None),)),),
            {}, "to Oslo", id="without-a-form",
        ),
        pytest.param((CITY,), {"entities": (city("A", role="to"),)}, None, id="no-role-asked"),
        pytest.param((CITY,), {"kind": "float", "entities": (city("2.5"),)}, "2.5", id="as-said"),
        pytest.param(
            (CITY,), {"kind": "list", "entities": (city("A"), city("B"))}, ["A", "B"], id="all"
        ),
    ],
)  # fmt: skip
def test_a_message_fills_a_slot_by_the_first_mapping_that_applies(
    mappings: tuple[Mapping, ...], options: dict[str, Any], expected: object
) -> None:
    assert filled(mappings, **options).get("town") == expected
