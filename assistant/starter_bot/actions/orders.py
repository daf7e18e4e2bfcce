"""What the bot does with orders: check the forms' answers, show, cancel, return, refund."""

from __future__ import annotations

import re

from assistant.actions import ActionTurn, action, check_slot

from .catalogue import product_name
from .order_book import Order, find_order, tidy_number

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_REASON = 300
_NO_REASONS = {"order_number", "product", "email", "amount", "city"}


def _check_number(value: str, turn: ActionTurn) -> str | None:
    """Keep a number that the shop knows; tell when it replaces another one mid-form."""
    order = find_order(value)
    if order is None:
        turn.say("utter_order_number_unknown", order_number=tidy_number(str(value)))
        return None
    if turn.slots.get("requested_slot") not in (None, "order_number"):
        turn.say("utter_order_number_changed", order_number=order.number)
    return order.number


@check_slot("find_order_form", "order_number")
def order_number_to_find(value: str, turn: ActionTurn) -> str | None:
    """The number must be in the order book."""
    return _check_number(value, turn)


@check_slot("return_form", "order_number")
def order_number_to_return(value: str, turn: ActionTurn) -> str | None:
    """The number must be in the order book; a product named before must belong to it."""
    number = _check_number(value, turn)
    earlier = turn.slots.get("product")
    named_now = any(found["entity"] == "product" for found in turn.entities)
    if number and earlier and not named_now and turn.slots.get("requested_slot"):
        turn.set("product", product_to_return(earlier, turn))
    return number


@check_slot("find_order_form", "email")
def email_of_order(value: str, turn: ActionTurn) -> str | None:
    """It must look like an address, and be the one that the order was made with."""
    email = str(value).strip().lower()
    if not _EMAIL.fullmatch(email):
        turn.say("utter_email_invalid")
        return None
    order = find_order(turn.slots.get("order_number"))
    if order is not None and order.email != email:
        turn.say("utter_email_not_of_order", order_number=order.number)
        return None
    return email


@check_slot("return_form", "product")
def product_to_return(value: str, turn: ActionTurn) -> str | None:
    """It must be one of the order's products."""
    product = str(value).lower()
    order = find_order(turn.slots.get("order_number"))
    if order is not None and product not in order.items:
        turn.say(
            "utter_product_not_in_order",
            item=product_name(product, turn.language),
            order_number=order.number,
        )
        return None
    return product


@check_slot("return_form", "return_reason")
def reason_to_return(value: str, turn: ActionTurn) -> str | None:
    """A number, product, price or place is no reason; a long text is cut."""
    named = {found["entity"] for found in turn.entities}
    if named & _NO_REASONS and "return_reason" not in named:
        return None
    return str(value).strip()[:_LONGEST_REASON] or None


def _cancelled(turn: ActionTurn) -> list[str]:
    """Numbers of the orders that this customer cancelled here."""
    return list(turn.slots.get("cancelled") or [])


def _is_cancelled(order: Order, turn: ActionTurn) -> bool:
    return order.number in _cancelled(turn)


@action
def action_show_order(turn: ActionTurn) -> None:
    """Say where an order is, to the person who made it."""
    order = find_order(turn.slots.get("order_number"))
    if order is None:
        turn.set("order_number", None)
        turn.go_on_with("find_order_form")
    elif order.email != turn.slots.get("email"):
        turn.say("utter_email_not_of_order", order_number=order.number)
        turn.set("email", None)
        turn.go_on_with("find_order_form")
    elif _is_cancelled(order, turn):
        turn.say("utter_order_was_cancelled", order_number=order.number)
    else:
        turn.say(f"utter_order_{order.state}", order_number=order.number)


@action
def action_open_return(turn: ActionTurn) -> None:
    """Open a return; the shop's own system would be told here."""
    order = find_order(turn.slots.get("order_number"))
    item = product_name(str(turn.slots.get("product")), turn.language)
    number = order.number.lstrip("#") if order else ""
    turn.say("utter_return_opened", item=item, return_number=f"R-{number}")
    turn.set("product", None)
    turn.set("return_reason", None)


@action
def action_offer_cancel(turn: ActionTurn) -> None:
    """Ask whether an order is really to be cancelled, where that is still possible."""
    order = find_order(turn.slots.get("order_number"))
    if order is None:
        turn.say("utter_ask_number_to_cancel")
    elif _is_cancelled(order, turn):
        turn.say("utter_order_was_cancelled", order_number=order.number)
    elif order.state == "packing":
        turn.say("utter_confirm_cancel", order_number=order.number)
    else:
        turn.say("utter_too_late_to_cancel", order_number=order.number)


@action
def action_cancel_order(turn: ActionTurn) -> None:
    """Cancel after a yes; the shop's own system would be told here."""
    order = find_order(turn.slots.get("order_number"))
    if order is None:
        turn.say("utter_ask_number_to_cancel")
    elif order.state == "packing":
        turn.say("utter_order_cancelled", order_number=order.number)
        turn.set("cancelled", [*_cancelled(turn), order.number])
    else:  # the yes answers the offer to send it back
        turn.go_on_with("return_form")


@action
def action_refund_status(turn: ActionTurn) -> None:
    """Say how far a refund is."""
    order = find_order(turn.slots.get("order_number"))
    if order is None:
        turn.say("utter_ask_number_of_refund")
    elif order.refund is None:
        turn.say("utter_refund_none", order_number=order.number)
    else:
        turn.say(f"utter_refund_{order.refund}", order_number=order.number)
