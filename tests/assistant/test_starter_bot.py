"""The starter bot: how it is written, what its files hold, and its test conversations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from assistant.assembly import build_engine
from assistant.bot import load_bot
from assistant.dialogue.engine import Engine
from assistant.errors import BotFileError
from assistant.evaluation.conversations import play_stories
from assistant.starter import write_starter_bot
from assistant.stories import Story, UserStep
from assistant.training_data import Example

SOURCE = Path(__file__).parents[2] / "assistant" / "starter_bot"
SHOP_BOT = load_bot(SOURCE)
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def engine() -> Engine:
    return build_engine(SHOP_BOT, seed=7)


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def user_texts(stories: Sequence[Story]) -> list[str]:
    steps = [step for story in stories for step in story.steps]
    return [step.text for step in steps if isinstance(step, UserStep) and step.text]


def test_the_bot_is_written_whole_into_a_new_folder(tmp_path: Path) -> None:
    written = write_starter_bot(tmp_path / "shops" / "mine")

    bot = load_bot(tmp_path / "shops" / "mine")
    sources = [p for p in SOURCE.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    assert len(written) == len(sources)
    assert bot.data.examples == SHOP_BOT.data.examples
    assert build_engine(bot).runner.book.actions.keys() >= bot.domain.actions.keys()
    assert not [p for p in written if p.suffix == ".jsonl"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert tmp_path / "domain.yml" in write_starter_bot(tmp_path)


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(BotFileError, match="holds files already") as caught:
        write_starter_bot(tmp_path)

    assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bot").write_text("", encoding="utf-8")

    with pytest.raises(BotFileError, match="is a file"):
        write_starter_bot(tmp_path / "bot")


@pytest.mark.parametrize("name", sorted(SHOP_BOT.domain.responses))
def test_every_response_has_chinese(name: str) -> None:
    for variation in SHOP_BOT.domain.responses[name]:
        titles = [button.translation.get("zh", "") for button in variation.buttons]
        assert all(HAN.search(text) for text in [variation.translation.get("zh", ""), *titles])
        named = set(re.findall(r"\{\w+\}", variation.text))
        assert named == set(re.findall(r"\{\w+\}", variation.translation["zh"]))


def test_every_intent_has_enough_examples_in_both_languages() -> None:
    examples = SHOP_BOT.data.examples
    for intent in SHOP_BOT.domain.intents:
        texts = [example.text for example in examples if example.base_intent == intent]
        chinese = [text for text in texts if HAN.search(text)]
        assert len(texts) - len(chinese) >= 15, intent
        assert len(chinese) >= 9, intent


def test_every_faq_key_is_asked_and_answered() -> None:
    asked = {e.intent for e in SHOP_BOT.data.examples if e.base_intent == "faq"}
    answered = {name.removeprefix("utter_") for name in SHOP_BOT.domain.responses if "/" in name}

    assert asked == answered
    assert len(asked) >= 25


def test_no_test_message_stands_in_the_training_files() -> None:
    known = {plain(example.text) for example in SHOP_BOT.data.examples}
    typed = {plain(t) for t in user_texts(SHOP_BOT.tests) if not t.startswith("/") and "@" not in t}

    assert typed & known == set()


def _shape(example: Example) -> str:
    """The example without its values."""
    text = example.text
    for span in reversed(example.entities):
        text = f"{text[: span.start]} {text[span.end :]}"
    return plain(text)


def test_no_example_is_written_twice() -> None:
    texts = [plain(example.text) for example in SHOP_BOT.data.examples]

    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_no_example_is_nearly_one_of_another_intent() -> None:
    shapes = [(_shape(e), e.intent) for e in SHOP_BOT.data.examples]
    long = sorted((text, intent) for text, intent in shapes if len(text) >= 6)

    assert [pair for pair in _near_pairs(long) if pair[0][1] != pair[1][1]] == []


def _near_pairs(
    texts: Sequence[tuple[str, str]], limit: float = 0.85
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    matcher = SequenceMatcher(autojunk=False)
    letters = [Counter(text) for text, _ in texts]
    for i, one in enumerate(texts):
        matcher.set_seq2(one[0])
        for j in range(i):
            both = limit * (len(one[0]) + len(texts[j][0]))
            if 2 * min(len(one[0]), len(texts[j][0])) <= both:
                continue
            if 2 * (letters[i] & letters[j]).total() > both:
                matcher.set_seq1(texts[j][0])
                if matcher.ratio() > limit:
                    yield texts[j], one


def test_nearly_equal_texts_are_found() -> None:
    texts = [("where is my bill", "a"), ("where is my bills", "b"), ("a song", "c")]

    assert list(_near_pairs(texts)) == [(texts[0], texts[1])]


def _unmarked(example: Example) -> list[str]:
    """Values in an example that stand outside its marks."""
    text = list(example.text)
    for span in example.entities:
        text[span.start : span.end] = "\n" * (span.end - span.start)
    rest = "".join(text)
    words = [w for table in SHOP_BOT.data.lookups.values() for w in table]
    patterns = [p for table in SHOP_BOT.data.regexes.values() for p in table]
    patterns += [w if HAN.search(w) else rf"\b{re.escape(w)}\b" for w in words]
    return [m[0] for p in patterns if (m := re.search(p, rest, re.IGNORECASE))]


def test_values_are_marked_wherever_they_stand() -> None:
    missed = {e.where: found for e in SHOP_BOT.data.examples if (found := _unmarked(e))}

    assert missed == {}


def test_every_fixed_answer_and_action_is_used() -> None:
    files = [*SOURCE.glob("data/*.yml"), *SOURCE.glob("actions/*.py"), SOURCE / "domain.yml"]
    used = "\n".join(p.read_text("utf-8") for p in files if not p.name.startswith("responses"))
    built_in = ("utter_ask_", "utter_faq/", "utter_order_", "utter_refund_", "utter_restart")
    by_generator = ("utter_chitchat", "utter_out_of_scope", "utter_nlu_fallback", "utter_default")

    for name in [*SHOP_BOT.domain.responses, *SHOP_BOT.domain.actions]:
        assert name.startswith(built_in) or name in by_generator or name in used, name


@pytest.mark.parametrize("story", SHOP_BOT.tests, ids=lambda story: story.name)
async def test_a_test_conversation_goes_as_written(story: Story, engine: Engine) -> None:
    (played,) = await play_stories(SHOP_BOT, engine, [story], None)

    assert played.faults == []


def test_there_are_conversations_in_both_languages() -> None:
    names = [story.name.split(" ", 1)[0] for story in SHOP_BOT.tests]

    assert names.count("en") >= 25
    assert names.count("zh") >= 15


async def test_a_wrong_conversation_is_noticed(engine: Engine) -> None:
    story = next(s for s in SHOP_BOT.tests if "find an order, one answer" in s.name)
    broken = Story(name="broken", steps=story.steps[:-1] + SHOP_BOT.tests[0].steps[1:2])

    (played,) = await play_stories(SHOP_BOT, engine, [broken], None)

    assert not played.passed
