from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bot import Bot
from assistant.config import Config
from assistant.domain import Domain, Variation
from assistant.errors import DataError
from assistant.messages import Utterance
from assistant.stories import ActionStep, SlotStep, Story, UserStep
from assistant.training_data import EntitySpan, Example, TrainingData
from generation.bot_dialogues import StoryTeller, own_dialogues, read_dialogues, within_guards


def example(text: str, intent: str, *entities: EntitySpan) -> Example:
    return Example(text=text, intent=intent, entities=entities)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    city = EntitySpan(start=13, end=18, entity="city", value="Paris")
    return Bot(
        root=tmp_path,
        config=Config.model_validate({"sentiment": {"slot": "mood"}}),
        domain=Domain(
            responses={
                "utter_greet": (Variation(text="Hello! How are you?"),),
                "utter_city": (Variation(text="So you live in {city}, how nice."),),
                "utter_ask": (Variation(text="Please give me your {order_number}."),),
                "utter_phone": (Variation(text="Gladly. Call 0800 555 now."),),
                "utter_sorry": (Variation(text="I am sorry about that."),),
                "utter_faq/hours": (Variation(text="We are open every day."),),
            }
        ),
        data=TrainingData(
            examples=[
                *(example(f"hello {'o' * n}", "greet") for n in range(16)),
                example("你好", "greet"),
                example("My town is   Paris", "live", city),
                example("when are you open", "faq/hours"),
                example("so bad", "complain"),
            ]
        ),
        stories=[
            Story(
                name="talk",
                steps=(
                    UserStep(intent="greet"),
                    ActionStep(name="utter_greet"),
                    UserStep(intent="live"),
                    ActionStep(name="utter_city"),
                    ActionStep(name="action_look_up"),
                    ActionStep(name="utter_ask"),
                ),
            ),
            Story(
                name="sad",
                steps=(
                    UserStep(intent="complain"),
                    SlotStep(name="mood", value="upset"),
                    ActionStep(name="utter_sorry"),
                ),
            ),
            Story(name="call", steps=(UserStep(intent="greet"), ActionStep(name="utter_phone"))),
        ],
    )


def test_stories_are_told_with_slots_filled_from_what_was_said(bot: Bot) -> None:
    told = StoryTeller(bot).tell(copies=1)[0]

    assert [turn.speaker for turn in told] == ["user", "bot", "user", "bot"]
    assert told[3].text == "So you live in Paris, how nice. Please give me your order number."
    assert told[2].intent == "live"


def test_no_slot_is_left_in_any_text(bot: Bot) -> None:
    assert not any("{" in turn.text for told in StoryTeller(bot).tell() for turn in told)


def test_the_mood_becomes_the_sentiment_of_the_line_before(bot: Bot) -> None:
    sad = next(told for told in StoryTeller(bot).tell(copies=1) if told[0].text == "so bad")

    assert sad[0].sentiment == "negative"


def test_faq_answers_are_told(bot: Bot) -> None:
    assert [
        Utterance("user", "when are you open", "faq hours"),
        Utterance("bot", "We are open every day."),
    ] in StoryTeller(bot).tell(copies=1)


def test_what_the_guards_would_cut_is_not_taught(bot: Bot) -> None:
    texts = {turn.text for told in StoryTeller(bot).tell() for turn in told}

    assert "Gladly." in texts
    assert not any("0800" in text for text in texts)


def test_examples_of_another_language_are_left_out(bot: Bot) -> None:
    assert not any(turn.text == "你好" for told in StoryTeller(bot).tell() for turn in told)


def test_held_out_wordings_are_never_trained_on(bot: Bot) -> None:
    teller = StoryTeller(bot)
    trained = {told[0].text for told in teller.tell(copies=50)}
    held_out = {told[0].text for told in teller.tell(held_out=True, copies=50)}

    assert held_out
    assert not trained & held_out


def test_a_dialogue_ends_before_a_reply_of_which_nothing_may_be_said() -> None:
    turns = [
        Utterance("user", "hello"),
        Utterance("bot", "Hello there!"),
        Utterance("user", "my phone is broken"),
        Utterance("bot", "I have refunded it."),
        Utterance("user", "thanks"),
        Utterance("bot", "You are welcome."),
    ]

    assert within_guards(turns) == turns[:2]


def test_dialogue_files_are_read_from_the_data_folder(bot: Bot) -> None:
    (bot.root / "data").mkdir()
    (bot.root / "data/chat.jsonl").write_text('{"turns": ["hi", "Hello!"]}\n\n', encoding="utf-8")

    assert own_dialogues(bot) == [[Utterance("user", "hi"), Utterance("bot", "Hello!")]]


@pytest.mark.parametrize("line", ["{", "[]", '{"turn": []}', '{"turns": [1]}', "3"])
def test_a_faulty_dialogue_is_told_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_text(f'{{"turns": ["a", "b"]}}\n{line}\n', encoding="utf-8")

    with pytest.raises(DataError, match=r"chat\.jsonl:2: a dialogue is"):
        read_dialogues(path)
