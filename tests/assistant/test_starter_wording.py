"""The starter bot's wording reads well for each product of its catalogue, be it one or a pair."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.bot import load_bot

SOURCE = Path(__file__).parents[2] / "assistant" / "starter_bot"
NOT_FOR_EVERY_PRODUCT = re.compile(
    r"\b(an?|this|that) \{item\}"  # a jeans
    r"|(?<!for the )\{item\} (is|was|has|are|were|have)\b"  # jeans is, scarf are
    r"|(^|[,:.;] )\{item\}"  # a bare "lamp" at the head of a clause
)


def english_texts() -> list[str]:
    responses = load_bot(SOURCE, validate=False).domain.responses
    return [each.text for said in responses.values() for each in said if "{item}" in each.text]


def test_texts_about_a_product_fit_all_of_them() -> None:
    texts = english_texts()

    assert len(texts) >= 8
    assert [text for text in texts if NOT_FOR_EVERY_PRODUCT.search(text)] == []


@pytest.mark.parametrize(
    "text", ["I don't see a {item} in it.", "Yes, {item}: we have 5.", "{item}: none left.",
             "I'm sorry, the {item} is sold out."],
)  # fmt: skip
def test_a_text_that_fits_some_products_only_would_be_found(text: str) -> None:
    assert NOT_FOR_EVERY_PRODUCT.search(text)
