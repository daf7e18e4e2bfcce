"""A small, made-up order book.

This is the place where the real shop is connected: let `find_order` ask its database or its
web service, and the rest of the bot stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order.

    Attributes:
        number: As the customer knows it, ``A1042`` or ``#58213``.
        email: The address it was ordered with, in small letters.
        items: English names of what was ordered, as in the catalogue.
        state: ``packing``, ``shipped`` or ``delivered``.
        refund: ``paid``, ``on_its_way``, or ``None`` where nothing was sent back.
    """

    number: str
    email: str
    items: tuple[str, ...]
    state: str
    refund: str | None = None


_ORDERS = (
    Order(number="A1042", email="anna@example.com", items=("scarf", "mug"), state="shipped"),
    Order(number="A1043", email="anna@example.com", items=("boots", "jumper"), state="delivered"),
    Order(number="A1044", email="li@example.com", items=("teapot", "candle"), state="packing"),
    Order(
        number="A1045", email="tom@example.com", items=("lamp", "headphones"),
        state="delivered", refund="on_its_way",
    ),
    Order(number="A1050", email="mei.wang@example.com", items=("coat",), state="packing"),
    Order(
        number="#58213", email="tom@example.com", items=("backpack", "dress"),
        state="delivered", refund="paid",
    ),
    Order(number="#60871", email="sara@example.com", items=("pillow", "blanket"), state="shipped"),
)  # fmt: skip
_BY_NUMBER = {order.number: order for order in _ORDERS}


def tidy_number(text: str) -> str:
    """Return an order number as the book writes it: ``a 1042`` is A1042, ``58213`` is #58213."""
    plain = re.sub(r"[\s#-]", "", text).upper()
    return f"#{plain}" if plain.isdigit() else plain


def find_order(number: object) -> Order | None:
    """Return the order with this number, or ``None``."""
    return _BY_NUMBER.get(tidy_number(str(number))) if number else None
