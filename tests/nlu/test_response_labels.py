from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bot import Bot
from assistant.component import Tools
from assistant.config import Config
from assistant.domain import Domain, Variation
from assistant.messages import Turn
from nlu import part
from nlu.response_labels import answers_as_examples
from tests.nlu.conftest import tiny_bot

ANSWERS = {
    "utter_faq/warranty": (Variation(text="Repairs are free for two years."),),
    "utter_faq/gift": (Variation(text="Ribbons cost one euro."), Variation(image="x.png")),
    "utter_faq/unknown": (Variation(text="Nobody asks this."),),
    "utter_greet": (Variation(text="Hello!"),),
}
KEYS = {"faq/warranty", "faq/gift", "greet"}


def faq_bot(**selector: object) -> Bot:
    bot = tiny_bot(training="frozen")
    pipeline = [{"name": "ResponseSelector", **selector}, {"name": "DIETClassifier"}]
    bot.config = Config(pipeline=pipeline, nlu={"training": "frozen"})
    bot.domain = Domain(intents=bot.domain.intents, responses=ANSWERS)
    return bot


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        pytest.param({}, [], id="off"),
        pytest.param(
            {"use_text_as_label": True},
            ["Repairs are free for two years.", "Ribbons cost one euro."],
            id="on",
        ),
        pytest.param({"use_text_as_label": True, "retrieval_intent": "chat"}, [], id="another"),
    ],
)
def test_the_answers_of_known_keys_are_examples(
    selector: dict[str, object], texts: list[str]
) -> None:
    assert [each.text for each in answers_as_examples(faq_bot(**selector), KEYS)] == texts


def test_words_of_the_answer_find_it(tmp_path: Path) -> None:
    shares = []
    for on in (False, True):
        folder = tmp_path / str(on)
        part.train(faq_bot(use_text_as_label=on), folder, Tools())
        (turn,) = part.load(folder).process([Turn(text="free repairs")])
        shares.append({key.name: key.confidence for key in turn.retrieval["faq"]})

    assert shares[1]["faq/warranty"] > max(0.5, shares[0]["faq/warranty"])


def test_without_a_pipeline_no_answer_is_an_example() -> None:
    bot = Bot(root=Path("x"), domain=Domain(responses=ANSWERS))

    assert list(answers_as_examples(bot, KEYS)) == []
