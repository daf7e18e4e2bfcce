# ruff: noqa: ANN401, ARG002, DTZ001 - the SDK gives every method these arguments
"""Every kind of action, message and event that rasa_sdk has."""

import datetime
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker, ValidationAction
from rasa_sdk.events import (
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    EventType,
    FollowupAction,
    ReminderCancelled,
    ReminderScheduled,
    SlotSet,
)
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import DomainDict


class ValidateOrderForm(FormValidationAction):
    """Deliveries need a street; some dishes are not there."""

    def name(self) -> str:
        return "validate_order_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> list[str]:
        return [*domain_slots, "street"] if tracker.get_slot("delivered") else domain_slots

    def validate_dish(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        if value == "stone":
            dispatcher.utter_message(response="utter_no_such_dish", dish=value)
            return {"dish": None}
        return {"dish": value.title(), "delivered": value == "pizza"}

    async def validate_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        return {"number": str(int(value))}


class ValidateSlots(ValidationAction):
    """Slots that no form asks for."""

    async def extract_shouted(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        text = tracker.latest_message.get("text") or ""
        return {"shouted": text if text.isupper() else None}

    def validate_shouted(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        return {"shouted": value and value.lower()}


class ListenClosely(Action):
    def name(self) -> str:
        return "action_listen_closely"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        text = tracker.latest_message.get("text") or ""
        return [SlotSet("loudness", sum(letter.isupper() for letter in text) / max(len(text), 1))]


class Everything(Action):
    def name(self) -> str:
        return "action_everything"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        dispatcher.utter_message(text="plain")
        dispatcher.utter_message(text="chosen", buttons=[{"title": "A", "payload": "/a"}])
        dispatcher.utter_message(response="utter_greet", name="Ann")
        dispatcher.utter_message(
            response="utter_greet", name="Bo", buttons=[{"title": "B", "payload": "/b"}]
        )
        dispatcher.utter_message(image="https://x/y.png")
        dispatcher.utter_message(attachment="https://x/z.pdf")
        dispatcher.utter_message(json_message={"map": [1, 2]})
        dispatcher.utter_message(elements=[{"title": "card"}])
        latest = tracker.latest_message["intent"]["name"]
        forms = ", ".join(domain.get("forms", {}))
        dispatcher.utter_message(
            text=f"{tracker.sender_id} {latest} {forms} {tracker.latest_action_name} "
            f"{len(list(tracker.get_latest_entity_values('dish')))} {len(tracker.events) > 1} "
            f"{tracker.get_latest_input_channel()}"
        )
        return []


class Events(Action):
    def name(self) -> str:
        return "action_events"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        later = datetime.datetime(2040, 1, 1, 12, 0)
        return [
            AllSlotsReset(),
            SlotSet("dish", "Soup"),
            ReminderScheduled("EXTERNAL_reminder", trigger_date_time=later, name="r1"),
            ReminderCancelled(name="r1"),
            ConversationPaused(),
            ConversationResumed(),
            BotUttered("said as an event"),
            SlotSet("number", "7"),
        ]


class Follow(Action):
    def name(self) -> str:
        return "action_follow"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        return [FollowupAction("utter_refused")]


class Refuse(Action):
    def name(self) -> str:
        return "action_refuse"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        raise ActionExecutionRejection(self.name(), "not today")


class Fail(Action):
    def name(self) -> str:
        return "action_fail"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        raise ValueError("no oven")


class Brief(Action):
    def name(self) -> str:
        return "action_brief"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
        dispatcher.utter_message(text=f"{len(domain.get('slots', {})) > 5}")
