"""What the bot knows of the shop: stock, delivery, opening hours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.actions import ActionTurn, action

from .catalogue import CATALOGUE, product_name

FREE_FROM = 50.0  # euros; the responses name the same amount


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city: its Chinese name, working days of delivery, and the price in euros."""

    zh: str
    days: str
    price: str = "4.90"


CITIES = {
    "Berlin": City(zh="柏林", days="1-2"),
    "Hamburg": City(zh="汉堡", days="1-2"),
    "Munich": City(zh="慕尼黑", days="1-2"),
    "Paris": City(zh="巴黎", days="2-3"),
    "Lyon": City(zh="里昂", days="2-3"),
    "Vienna": City(zh="维也纳", days="2-3"),
    "Prague": City(zh="布拉格", days="2-3"),
    "Amsterdam": City(zh="阿姆斯特丹", days="2-3"),
    "Madrid": City(zh="马德里", days="3-5"),
    "Lisbon": City(zh="里斯本", days="3-5"),
    "Rome": City(zh="罗马", days="3-5"),
    "Dublin": City(zh="都柏林", days="3-5"),
    "Oslo": City(zh="奥斯陆", days="4-6", price="9.90"),
    "London": City(zh="伦敦", days="4-6", price="9.90"),
    "Beijing": City(zh="北京", days="8-12", price="14.90"),
    "Shanghai": City(zh="上海", days="8-12", price="14.90"),
}


def _mentioned(turn: ActionTurn, entity: str) -> str | None:
    """Return what this message, not an earlier one, says of an entity."""
    values = [str(found["value"]) for found in turn.entities if found["entity"] == entity]
    return values[-1] if values else None


def _city(turn: ActionTurn) -> tuple[str, City] | None:
    name = (_mentioned(turn, "city") or "").title()
    if name not in CITIES:
        return None
    city = CITIES[name]
    return (city.zh if turn.language.startswith("zh") else name), city


def _euros(text: str | None) -> float | None:
    found = re.search(r"\d+(?:[.,]\d{1,2})?", text or "")
    return float(found[0].replace(",", ".")) if found else None


@action
def action_check_stock(turn: ActionTurn) -> None:
    """Say whether the product that was named last is in stock."""
    name = _mentioned(turn, "product") or turn.slots.get("product")
    product = CATALOGUE.get(str(name).lower())
    if name is None:
        turn.say("utter_ask_which_product")
    elif product is None:
        turn.say("utter_product_unknown", item=name)
    else:
        item = product_name(str(name).lower(), turn.language)
        if product.stock:
            turn.say("utter_in_stock", item=item, pieces=product.stock)
        elif product.restock_days:
            turn.say("utter_back_soon", item=item, days=product.restock_days)
        else:
            turn.say("utter_sold_out", item=item)


@action
def action_delivery_time(turn: ActionTurn) -> None:
    """Say how long delivery takes, to a city where one is named."""
    found = _city(turn)
    if found:
        turn.say("utter_delivery_time_to", place=found[0], days=found[1].days)
    else:
        turn.say("utter_delivery_time")


@action
def action_delivery_cost(turn: ActionTurn) -> None:
    """Say what delivery costs: for the basket's amount, to a city, or in general."""
    amount, found = _euros(_mentioned(turn, "amount")), _city(turn)
    if found:
        turn.say("utter_delivery_cost_to", place=found[0], price=found[1].price)
    elif amount is None:
        turn.say("utter_delivery_cost")
    elif amount >= FREE_FROM:
        turn.say("utter_delivery_free")
    else:
        turn.say("utter_delivery_not_free", rest=f"{FREE_FROM - amount:.2f}")


@action
def action_opening_hours(turn: ActionTurn) -> None:
    """Say when somebody is there; Sundays and holidays have their own answer."""
    day = (_mentioned(turn, "date") or "").lower()
    closed = any(word in day for word in ("sunday", "christmas", "holiday"))
    turn.say("utter_closed_that_day" if closed else "utter_opening_hours")
