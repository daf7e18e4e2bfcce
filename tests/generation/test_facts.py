from __future__ import annotations

import pytest

from generation.facts import facts_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Order 48213, please.", {"48213"}, id="number"),
        pytest.param("It costs 1,299.00 euros", {"1299.00"}, id="thousands"),
        pytest.param("４８２１３", {"48213"}, id="full-width"),
        pytest.param("٤٨", {"48"}, id="arabic-digits"),
        pytest.param("4\u200b8\u200b2", {"482"}, id="invisible-characters"),
        pytest.param("within two days", {"2"}, id="number-word"),
        pytest.param("Twenty-five percent", {"20", "5"}, id="number-words"),
        pytest.param("三天内送达", {"三"}, id="chinese-number"),
        pytest.param("the red one, please", set(), id="one-is-no-number"),
        pytest.param("Your code is ab-12x", {"12", "ab-12x"}, id="code"),
        pytest.param(
            "Write to Help@Shop.example.", {"help@shop.example", "shop.example"}, id="mail"
        ),
        pytest.param("see https://a.b/c", {"https://a.b/c", "https"}, id="link"),
        pytest.param("see shop.com", {"shop.com"}, id="domain"),
        pytest.param("see x．com", {"x.com"}, id="full-width-dot"),
        pytest.param("see shop dot com", {"shop dot com"}, id="spoken-domain"),
        pytest.param("see shop (dot) com", {"shop (dot) com"}, id="bracketed-dot"),
        pytest.param("help at shop dot example", {"help at shop dot example"}, id="spoken-mail"),
        pytest.param("see shop . com", {"shop . com"}, id="spaced-domain"),
        pytest.param("Yes. Come in, e.g. at noon.", set(), id="plain-sentences"),
    ],
)
def test_facts_are_found_in_every_disguise(text: str, expected: set[str]) -> None:
    assert facts_of(text) == expected
