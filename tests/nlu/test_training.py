from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.component import Tools
from assistant.messages import Turn
from nlu import part
from nlu.evaluation import cross_validate, score
from nlu.linear_head import LinearHead, by_intent
from nlu.linear_head_training import train_head
from nlu.pivots import pivot_texts
from tests.nlu.conftest import tiny_bot


class TableTranslator:
    """Knows a few sentences."""

    pairs = frozenset({("zh", "en")})

    def detect(self, texts: Sequence[str], *, among: Sequence[str]) -> list[str]:
        return [among[0] for _ in texts]

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        assert (source, target, keep) == ("zh", "en", ())
        return [{"你好": "hello", "再见": "goodbye"}.get(text, "unknown") for text in texts]


def test_examples_of_other_languages_are_read_in_translation() -> None:
    pivots = pivot_texts(["hello", "你好", "再见"], ["en", "zh"], TableTranslator())

    assert pivots == [None, "hello", "goodbye"]


def test_without_a_translator_every_example_stays_as_it_is() -> None:
    assert pivot_texts(["hello", "你好"], ["en", "zh"], None) == [None, None]


def test_training_twice_gives_the_same_numbers(frozen_folder: Path, tmp_path: Path) -> None:
    part.train(tiny_bot(training="frozen"), tmp_path, Tools())

    for name in ("nlu.json", "nlu.safetensors"):
        assert (tmp_path / name).read_bytes() == (frozen_folder / name).read_bytes()


def test_progress_is_told(tmp_path: Path) -> None:
    notices: list[str] = []
    ticks: list[tuple[str, int, int]] = []
    tools = Tools(notice=notices.append, tick=lambda what, done, of: ticks.append((what, done, of)))

    part.train(tiny_bot(training="frozen"), tmp_path, tools)

    assert notices == ["Encoding the examples", "Training the intents", "Training the entities"]
    last = [tick for tick in ticks if tick[0] == "entities"][-1]
    assert last[1] == last[2]


def test_a_bot_without_entities_finds_none(tmp_path: Path) -> None:
    bot = tiny_bot(training="frozen")
    bot.data.examples = [each for each in bot.data.examples if not each.entities]
    part.train(bot, tmp_path, Tools())

    (turn,) = part.load(tmp_path).process([Turn(text="where is order A1042")])

    assert turn.entities == ()
    assert turn.intents


@pytest.mark.slow
def test_a_lora_trained_bot_understands_and_still_feels(tmp_path: Path) -> None:
    part.train(tiny_bot(training="lora", epochs=4), tmp_path, Tools())
    reader = part.load(tmp_path)

    asked, angry = reader.process(
        [Turn(text="track order F3310"), Turn(text="This is awful, I hate it!")]
    )

    assert (tmp_path / "adapter" / "adapter_model.safetensors").exists()
    assert asked.intents[0].name == "order_status"
    assert [each.value for each in asked.entities] == ["F3310"]
    assert angry.sentiment is not None
    assert angry.sentiment.label == "negative"


@pytest.mark.slow
def test_cross_validation_judges_each_example_once() -> None:
    bot = tiny_bot(training="frozen")

    judged = cross_validate(bot, folds=3)

    assert [each.example for each in judged] == bot.data.examples
    assert score(judged).intents > 0.5  # five intents: chance is 0.2


def test_the_temperature_makes_confidence_honest() -> None:
    """On overlapping clusters mean confidence is near accuracy on texts not seen."""
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(1)
    centres = rng.normal(size=(4, 16))
    kinds = rng.integers(4, size=600)
    points = centres[kinds] + 2.5 * rng.normal(size=(600, 16))
    means = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    labels = [f"i{kind}" for kind in kinds]
    nothing = csr_matrix((600, 3), dtype=np.float32)
    own = np.zeros(600, dtype=bool)

    classes, tensors = train_head(means[:200], nothing[:200], own[:200], labels[:200])
    ranked = LinearHead.of(classes, tensors).rank(means[200:], nothing[200:], own[200:])

    right = np.mean([row[0].name == label for row, label in zip(ranked, labels[200:], strict=True)])
    told = np.mean([row[0].confidence for row in ranked])
    assert 0.3 < right < 0.95
    assert abs(told - right) < 0.12


def test_keys_add_up_to_their_intent() -> None:
    from assistant.messages import Intent

    ranked = tuple(
        Intent(name=name, confidence=confidence)
        for name, confidence in [("greet", 0.4), ("faq/a", 0.35), ("faq/b", 0.25)]
    )

    intents, keys = by_intent(ranked)

    assert [each.name for each in intents] == ["faq", "greet"]
    assert intents[0].confidence == pytest.approx(0.6)
    assert keys["faq"][0].confidence == pytest.approx(0.35 / 0.6)
