from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.bot import Bot
from assistant.component import Tools
from assistant.config import Config, GenerationConfig
from assistant.domain import Domain, Variation
from assistant.messages import Prompt, Utterance
from assistant.stories import ActionStep, Story, UserStep
from assistant.training_data import Example, TrainingData
from generation import part
from generation.writer import Writer

ANSWER = "Sunny, thank you!"


def parrot(base: Path, root: Path, **generation: object) -> Bot:
    """A bot that has one answer to everything."""
    config = GenerationConfig.model_validate({"base": str(base), **generation})
    return Bot(
        root=root,
        config=Config(generation=config),
        domain=Domain(responses={"utter_weather": (Variation(text=ANSWER),)}),
        data=TrainingData(
            examples=[
                Example(text=f"weather {word}", intent="weather")
                for word in ("now", "here", "please", "today", "there", "soon", "again", "outside")
            ]
        ),
        rules=[
            Story(
                name=f"rule {n}",
                steps=(UserStep(intent="weather"), ActionStep(name="utter_weather")),
            )
            for n in range(30)
        ],
    )


@pytest.mark.slow
def test_an_adapted_bot_learns_its_answer_and_is_served_in_int8(
    tiny_gpt2: Path, tmp_path: Path
) -> None:
    notices: list[str] = []
    ticks: list[tuple[float, float]] = []
    bot = parrot(tiny_gpt2, tmp_path, rank=16, epochs=60, floor=0.1)
    tools = Tools(notice=notices.append, tick=lambda _what, done, of: ticks.append((done, of)))

    part.train(bot, tmp_path / "out", tools)
    writer = part.load(tmp_path / "out")
    (draft,) = writer.write([Prompt(history=(Utterance("user", "weather today", "weather"),))])

    assert draft.text == ANSWER
    assert draft.confidence > 0.5
    before, after = (float(word) for word in notices[-1].split() if word.replace(".", "").isdigit()
                     and "." in word)  # fmt: skip
    assert after < before / 2
    assert ticks[-1][0] == ticks[-1][1]


def test_rank_zero_trains_nothing_and_names_the_base(tiny_gpt2: Path, tmp_path: Path) -> None:
    bot = parrot(tiny_gpt2, tmp_path, rank=0, max_tokens=7)

    part.train(bot, tmp_path / "out", Tools())
    writer = part.load(tmp_path / "out")

    assert not (tmp_path / "out/model.safetensors").exists()
    assert json.loads((tmp_path / "out/writer.json").read_text())["base"] == str(tiny_gpt2)
    assert isinstance(writer, Writer)
    assert writer.limits.max_tokens == 7
