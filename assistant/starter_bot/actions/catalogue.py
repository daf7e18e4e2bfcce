"""A small, made-up catalogue; connect the shop's own list of products here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product: its Chinese name, pieces in stock, and days until more come (0: unknown)."""

    zh: str
    stock: int
    restock_days: int = 0


CATALOGUE = {
    "scarf": Product(zh="围巾", stock=42),
    "jumper": Product(zh="毛衣", stock=17),
    "sneakers": Product(zh="运动鞋", stock=0, restock_days=10),
    "boots": Product(zh="靴子", stock=3),
    "backpack": Product(zh="背包", stock=25),
    "headphones": Product(zh="耳机", stock=11),
    "lamp": Product(zh="台灯", stock=0, restock_days=5),
    "coat": Product(zh="外套", stock=2),
    "raincoat": Product(zh="雨衣", stock=30),
    "candle": Product(zh="蜡烛", stock=120),
    "pillow": Product(zh="枕头", stock=19),
    "jeans": Product(zh="牛仔裤", stock=36),
    "teapot": Product(zh="茶壶", stock=8),
    "hat": Product(zh="帽子", stock=14),
    "mug": Product(zh="马克杯", stock=60),
    "blanket": Product(zh="毯子", stock=0),
    "dress": Product(zh="连衣裙", stock=5),
    "umbrella": Product(zh="雨伞", stock=22),
}


def product_name(product: str, language: str) -> str:
    """Return what a product is called in a language; English where it has no other name."""
    known = CATALOGUE.get(product)
    return known.zh if known and language.startswith("zh") else product
