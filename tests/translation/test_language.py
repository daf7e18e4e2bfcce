"""Languages are told apart by scripts first, then by langdetect among the possible ones."""

from __future__ import annotations

import pytest

from translation.language import LanguageDetector, detect_language, known_languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is my order?", "en"),
        ("ok thanks", "en"),
        ("好的", "zh"),
        ("退货", "zh"),
        ("我的order A1042在哪", "zh"),
        ("请问iPhone 15 Pro Max Case有货吗", "zh"),
        ("帮我cancel掉order吧thanks", "zh"),
        ("I love 北京烤鸭", "en"),
        ("How do I say 我的订单在哪里 in English?", "en"),
        ("What does 你好 mean?", "en"),
        ("iPhone 15 Pro Max", "en"),
        ("ni hao, wo de dingdan zai na li", "en"),
        ("請問營業時間是幾點", "zh"),
        ("鲜の每日生鲜", "zh"),
        ("好👌", "zh"),
        ("Tom！", "zh"),
        ("THANK YOU VERY MUCH", "en"),
    ],
)
def test_chat_lines_come_out_right_between_english_and_chinese(text: str, expected: str) -> None:
    assert detect_language(text, among=("en", "zh")) == expected
    assert detect_language(text, among=("zh", "en")) == expected


@pytest.mark.parametrize(
    "text",
    ["", "  ", "1042", "A1042", "😊👍", "https://example.com/where-is-it", "bob@x.com", "?!"],
)
def test_a_text_without_words_has_the_first_candidate(text: str) -> None:
    assert detect_language(text, among=("en", "zh")) == "en"
    assert detect_language(text, among=("zh", "en")) == "zh"
    assert detect_language(text) == "und"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("寿司をください", "ja"),
        ("営業時間を教えて", "ja"),
        ("我想要寿司", "zh"),
        ("주문이 어디에 있나요", "ko"),
        ("Где мой заказ", "ru"),
        ("Où est ma commande, s'il vous plaît ?", "fr"),
        ("Wo ist meine Bestellung geblieben?", "de"),
    ],
)
def test_scripts_and_profiles_tell_more_languages(text: str, expected: str) -> None:
    assert detect_language(text, among=("en", "zh", "ja", "ko", "ru", "fr", "de")) == expected
    assert detect_language(text) == expected


def test_a_tag_comes_back_as_it_was_written() -> None:
    assert detect_language("我想退货", among=("en-GB", "zh-CN")) == "zh-CN"
    assert detect_language("I want a refund", among=("zh-CN", "en-GB")) == "en-GB"


def test_text_of_no_candidate_has_the_first_one() -> None:
    assert detect_language("我想退货", among=("fr", "de")) == "fr"


def test_a_language_without_profile_can_be_a_candidate() -> None:
    assert detect_language("where is my order", among=("en", "xx")) == "en"
    assert detect_language("where is my order", among=("xx",)) == "xx"


def test_the_same_text_always_has_the_same_language() -> None:
    text = "la casa e il menu"

    assert len({detect_language(text, among=("it", "es", "pt", "fr")) for _ in range(10)}) == 1


def test_a_very_long_text_is_told_at_once() -> None:
    assert detect_language("我想退货。" * 100_000, among=("en", "zh")) == "zh"


def test_all_languages_of_langdetect_are_known() -> None:
    assert {"en", "zh", "ja", "de", "sw", "vi"} <= set(known_languages())
    assert LanguageDetector().detect(["你好", "where is it"], among=("en", "zh")) == ["zh", "en"]
