from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bot import Bot
from assistant.config import Config, GenerationConfig
from generation import part
from generation.corpora import shop_desk
from generation.dialogue_score import Perplexity
from generation.evaluation import bleu, distinct, evaluate_generator, test_dialogues
from generation.model_card import SOURCES, model_card

test_dialogues.__test__ = False  # type: ignore[attr-defined]


def test_bleu_of_the_same_texts_is_full_and_carries_its_signature() -> None:
    texts = ["How can I help you today?", "I am sorry about your shoes."]

    found = bleu(texts, texts)

    assert found["bleu"] == pytest.approx(100)
    assert "tok:13a" in found["bleu_signature"]


def test_distinct_counts_different_ngrams() -> None:
    assert distinct(["a b a b"], 1) == 0.5
    assert distinct(["a b a b"], 2) == pytest.approx(2 / 3)
    assert distinct([], 2) == 0.0


@pytest.mark.slow
def test_a_generator_is_measured_on_dialogues_set_aside(tiny_gpt2: Path, tmp_path: Path) -> None:
    bot = Bot(root=tmp_path, config=Config(generation=GenerationConfig()))

    found = evaluate_generator(bot, tiny_gpt2, dialogues={"shop_desk": shop_desk("test")[:3]})

    figures = found["shop_desk"]
    assert figures["perplexity_per_word"] > figures["perplexity_per_token"] > 100
    assert figures["replies"] == sum(len(talk) // 2 for talk in shop_desk("test")[:3])
    assert 0 <= figures["answered"] <= 1


def test_a_bots_own_test_dialogues_are_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/chat.jsonl").write_text('{"turns": ["hi", "Hello!"]}', encoding="utf-8")

    found = test_dialogues(Bot(root=tmp_path))

    assert len(found["own"]) == 1
    assert found["shop_desk"] == shop_desk("test")


@pytest.mark.slow
def test_engines_are_compared_by_size_quality_and_speed(tiny_gpt2: Path) -> None:
    whole, eighth = part.compare_engines(tiny_gpt2, ["float", "int8"])

    assert eighth.bytes < whole.bytes
    assert eighth.quality["perplexity per word"] == pytest.approx(
        whole.quality["perplexity per word"], rel=0.2
    )
    assert min(whole.speed, eighth.speed) > 0


def test_the_card_names_each_corpus_with_terms_and_perplexity() -> None:
    corpora = {name: shop_desk("test") for name in SOURCES}
    licences = {name: f"terms of {name}" for name in SOURCES}
    score = Perplexity(per_word=31.46, per_token=20.0, words=1234, tokens=2000)

    card = model_card(corpora, licences, {"dailydialog": score}, minutes=62)

    assert "31.5 | 1,234" in card
    assert all(f"{source.name} | terms of {name}" in card for name, source in SOURCES.items())
    assert "62 minutes" in card
    assert card.count("none set aside") == len(SOURCES) - 1
