"""A lesson with a person who answers from a script; the bot's models are fakes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import ndiff
from pathlib import Path

import fakes
import pytest

from assistant.assembly import build_engine, load_model
from assistant.bot import load_bot
from assistant.interactive.lesson import MENU, Lesson
from assistant.interactive.saving import save, usual_targets
from assistant.stories import ActionStep, LoopStep, SlotStep, UserStep
from assistant.training import train_bot

TINY = Path(__file__).parents[2] / "bots" / "tiny"
MENU_LINE = ""
SAVE, QUIT = MENU[6], MENU[7]


@dataclass
class Script:
    """Answers in order; notes what was asked and told.

    An answer is a line, ``True`` or ``False``, or the words of a choice.
    """

    answers: list[str | bool]
    told: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.told.append(text)

    def text(self, question: str, default: str = "") -> str:
        return str(self._next(question)) or default

    def confirm(self, question: str) -> bool:
        answer = self._next(question)
        assert isinstance(answer, bool), question
        return answer

    def choose(self, question: str, choices: Sequence[str]) -> int:
        return list(choices).index(str(self._next(question)))

    def _next(self, question: str) -> str | bool:
        self.told.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trained bot."""
    fakes.install(set_part=monkeypatch.setattr)
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root)
    train_bot(root)
    return root


def lesson(bot: Path, *answers: str | bool) -> tuple[Lesson, Script]:
    model = load_model(bot / "models")
    script = Script(list(answers))
    read = model.reading.process
    taught = Lesson(model.bot, build_engine(model.bot), lambda text: read([text])[0], script)
    return taught, script


def test_what_is_right_becomes_a_story_and_an_example(bot: Path) -> None:
    taught, script = lesson(bot, "hello my friend", True, True, True, MENU_LINE, SAVE)

    assert taught.run()

    assert taught.stories == [
        [UserStep(intent="greet", text="hello my friend"), ActionStep(name="utter_greet")]
    ]
    assert [(each.text, each.intent) for each in taught.examples] == [("hello my friend", "greet")]
    assert "Bot: Hello! What can I do for you?" in script.told


def test_a_wrong_intent_and_a_missing_entity_are_corrected(bot: Path) -> None:
    taught, _ = lesson(
        bot,
        "where is 77", False, "order_status", "where is [77](order_number)",
        True, True, True,
        MENU_LINE, SAVE,
    )  # fmt: skip

    taught.run()

    (steps,) = taught.stories
    assert steps[0] == UserStep(
        intent="order_status", text="where is 77", entities=(("order_number", "77", None, None),),
        spans=taught.examples[0].entities,
    )  # fmt: skip
    assert SlotStep(name="order_number", value="77") in steps
    assert ActionStep(name="order_form") in steps
    assert steps[-2:] == [LoopStep(name=None), ActionStep(name="utter_order")]


def test_marks_may_not_change_the_message(bot: Path) -> None:
    taught, script = lesson(
        bot,
        "hello 77", False, "greet", "hello [78](order_number)", "hello [77](order_number",
        "hello [77](order_number)", True, True, MENU_LINE, SAVE,
    )  # fmt: skip

    taught.run()

    assert sum("the message is: hello 77" in line for line in script.told) == 1
    assert sum("'[77](order_number' is not complete" in line for line in script.told) == 1
    assert taught.examples[0].entities[0].value == "77"


def test_a_message_whose_own_brackets_look_like_a_mark_ends_no_lesson(bot: Path) -> None:
    taught, script = lesson(bot, "hello [x](", False, "greet", True, True, MENU_LINE, QUIT)

    taught.run()

    assert sum("is not complete" in line for line in script.told) == 1


def test_another_action_is_done_and_a_new_response_is_said(bot: Path) -> None:
    taught, script = lesson(
        bot,
        "hello", True, False, "<a new action>", "utter_wave", "*waves*", False, "utter_bye",
        False, "action_listen", MENU_LINE, SAVE,
    )  # fmt: skip

    taught.run()

    assert [s.name for s in taught.stories[0] if isinstance(s, ActionStep)] == [
        "utter_wave", "utter_bye",
    ]  # fmt: skip
    assert "Bot: *waves*" in script.told
    assert taught.news.responses == {"utter_wave": "*waves*"}


def test_undo_takes_the_last_message_back(bot: Path) -> None:
    taught, _ = lesson(
        bot,
        "hello", True, True, True, "goodbye", True, True, True, MENU_LINE, MENU[1],
        MENU_LINE, SAVE,
    )  # fmt: skip

    taught.run()

    assert [s.intent for s in taught.stories[0] if isinstance(s, UserStep)] == ["greet"]


def test_a_fork_keeps_the_story_and_goes_on_from_an_earlier_message(bot: Path) -> None:
    taught, _ = lesson(
        bot,
        "hello", True, True, True, "thank you", True, True, True,
        MENU_LINE, MENU[2], "thank you",
        "hello", True, True, True, MENU_LINE, SAVE,
    )  # fmt: skip

    taught.run()

    said = [[s.intent for s in steps if isinstance(s, UserStep)] for steps in taught.stories]
    assert said == [["greet", "thank"], ["greet", "greet"]]


def test_a_story_can_be_forgotten(bot: Path) -> None:
    taught, _ = lesson(bot, "hello", True, True, True, MENU_LINE, MENU[4], MENU_LINE, QUIT)

    assert not taught.run()
    assert taught.stories == []


def test_the_end_of_the_input_saves_what_was_taught(bot: Path) -> None:
    taught, _ = lesson(bot, "hello", True, True, True)

    assert taught.run()
    assert len(taught.stories) == 1


def test_corrections_go_into_the_files_and_what_was_there_stays(bot: Path) -> None:
    paths = [bot / "data" / "nlu.yml", bot / "data" / "stories.yml", bot / "domain.yml"]
    for path in paths:
        path.write_text(f"# mine\n{path.read_text('utf-8')}", encoding="utf-8")
    before = {path: path.read_text("utf-8").splitlines() for path in paths}
    taught, _ = lesson(
        bot,
        "pay 55 now", False, "<a new intent>", "pay", "pay [55](amount) now",
        False, "<a new action>", "action_pay", False, "action_listen", MENU_LINE, SAVE,
    )  # fmt: skip
    taught.run()
    files = load_bot(bot)

    changed = save(
        usual_targets(files), stories=[("taught", taught.stories[0])], examples=taught.examples,
        news=taught.news, bot=files,
    )  # fmt: skip

    assert set(changed) == set(paths)
    for path, lines in before.items():
        now = path.read_text("utf-8").splitlines()
        lost = [line[2:] for line in ndiff(lines, now) if line.startswith("- ")]
        assert {line.split(":")[0] for line in lost} <= {"intents", "entities", "actions"}
        assert now[0] == "# mine"
    again = load_bot(bot)
    assert "pay" in again.domain.intents
    assert "amount" in again.domain.entities
    assert "action_pay" in again.domain.actions
    assert again.data.examples[-1].text == "pay 55 now"
    assert [each.name for each in again.stories][-1] == "taught"
    assert again.stories[-1].steps[:2] == (
        UserStep(
            intent="pay", entities=(("amount", "55", None, None),),
            where=again.stories[-1].steps[0].where,
        ),
        ActionStep(name="action_pay", where=again.stories[-1].steps[1].where),
    )  # fmt: skip


def test_test_conversations_keep_their_words(bot: Path) -> None:
    taught, _ = lesson(bot, "it is 4711", True, True, True, MENU_LINE, SAVE)
    taught.run()
    files = load_bot(bot)

    save(
        usual_targets(files, end_to_end=True), stories=[("talk", taught.stories[0])], examples=[],
        news=taught.news, bot=files, end_to_end=True,
    )  # fmt: skip

    text = (bot / "tests" / "test_stories.yml").read_text(encoding="utf-8")
    assert "user: it is [4711](order_number)" in text
    assert load_bot(bot).tests[0].name == "talk"
