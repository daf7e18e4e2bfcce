from __future__ import annotations

from pathlib import Path

import fakes

from assistant.bot import load_bot
from assistant.component import Tools
from assistant.evaluation.remembered_translation import RememberingTranslator, with_memory

TINY = Path(__file__).parents[2] / "bots" / "tiny"


def test_a_text_is_translated_once_and_the_answers_keep_their_order() -> None:
    fake = fakes.FakeTranslator()
    translator = RememberingTranslator(fake)

    first = translator.translate(["你好", "谢谢", "你好"], source="zh", target="en")
    second = translator.translate(["谢谢", "我的订单在哪里"], source="zh", target="en")

    assert first == ["hello", "thank you", "hello"]
    assert second == ["thank you", "where is my order"]
    assert fake.batches == [2, 1]
    assert translator.pairs == fake.pairs


def test_a_bot_of_one_language_needs_no_translator() -> None:
    bot = load_bot(TINY)
    bot.config.translation.languages = []

    assert with_memory(bot, "int8", Tools()).translator is None
