from __future__ import annotations

import pytest

from nlu.cleaning import clean


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("@Bob_1 thanks", "@user thanks", id="user"),
        pytest.param("see https://t.co/x?y=1 now", "see http now", id="link"),
        pytest.param("soooo goooood!!!!", "soo good!!", id="stretched"),
        pytest.param("fine 😂", "fine face with tears of joy", id="emoji"),
        pytest.param("👍🏽", "thumbs up sign", id="skin-tone"),
        pytest.param("a &amp; b<br/>c", "a & b c", id="HTML"),
        pytest.param("#GreatDay", "Great Day", id="hashtag"),
        pytest.param("don\\u2019t", "don’t", id="escape"),
    ],
)
def test_social_media_spelling_is_made_plain(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Where is order #12345?",
        "mail jo@example.com about 3000 pieces",
        "2 < 3 and 5 > 4",
        "我的订单在哪里？",
        "I need 100000 of them, and soon.",
    ],
)
def test_a_plain_message_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean("@bob Sooooo #HappyDay 😂😂 &amp; http://x")

    assert clean(once) == once
