from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import fakes
import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.component import Tools
from assistant.dialogue.learned_policy.policy import FOLDER, WEIGHTS
from assistant.dialogue.slot_types import slot_type
from assistant.errors import ModelError
from assistant.fingerprints import fingerprints
from assistant.model_folder import check_files, newest_model
from assistant.staging import staged
from assistant.training import Options, plan_training, train_bot

DOMAIN = """\
    intents: [greet, bye]
    responses:
      utter_greet: [{text: Hello}]
      utter_bye: [{text: Bye}]
    """
NLU = """\
    nlu:
    - intent: greet
      examples: |
        - hello
        - hi
    - intent: bye
      examples: |
        - bye
        - see you
    """
STORIES = """\
    stories:
    - story: short
      steps: [{intent: greet}, {action: utter_greet}, {intent: bye}, {action: utter_bye}]
    """
CONFIG = """\
    policies: [{name: MemoizationPolicy}, {name: RulePolicy}, {name: TEDPolicy, epochs: 5}]
    """


@pytest.fixture
def root(write_bot: WriteBot, monkeypatch: pytest.MonkeyPatch) -> Path:
    fakes.install(set_part=monkeypatch.setattr)
    return write_bot(config=CONFIG, domain=DOMAIN, data__nlu=NLU, data__stories=STORIES)


def test_what_did_not_change_is_taken_over(root: Path, write_bot: WriteBot) -> None:
    first = train_bot(root, name="first")
    assert first.trained == ["core", "nlu", "policy"]

    again = train_bot(root)
    assert (again.folder, again.trained) == (first.folder, [])

    write_bot(data__stories=STORIES + "- story: bye\n      steps: [{intent: bye}]\n    ",
              config=CONFIG)  # fmt: skip
    second = train_bot(root, name="second")
    assert (second.trained, second.reused) == (["core", "policy"], ["nlu"])
    check_files(second.folder)


def test_a_comment_above_a_story_trains_nothing_anew(root: Path, write_bot: WriteBot) -> None:
    train_bot(root, name="first")
    write_bot(config=CONFIG, data__stories="    # the only one\n" + STORIES)

    plan = plan_training(load_bot(root), root / "models", Options())

    assert (plan.changed, plan.train, plan.reuse) == (True, [], ["nlu", "policy"])


def test_augmentation_belongs_to_what_a_policy_was_trained_on(root: Path) -> None:
    train_bot(root, name="first")

    plan = plan_training(load_bot(root), root / "models", Options(augmentation=0))

    assert plan.train == ["policy"]


def test_a_part_can_be_trained_alone(root: Path) -> None:
    assert train_bot(root, name="a", options=Options(only="nlu")).trained == ["core", "nlu"]
    done = train_bot(root, name="b", options=Options(only="core"))
    assert (done.trained, done.reused) == (["core", "policy"], ["nlu"])


def test_a_bot_that_names_no_learned_policy_has_none(root: Path, write_bot: WriteBot) -> None:
    write_bot(config="policies: [{name: MemoizationPolicy}, {name: RulePolicy}]\n")

    done = train_bot(root)

    assert done.trained == ["core", "nlu"]
    assert not (done.folder / "core" / FOLDER).exists()
    assert "policy" not in fingerprints(load_bot(root))


def test_finetuning_goes_on_from_the_last_model_and_needs_one(
    root: Path, write_bot: WriteBot
) -> None:
    finetune = Options(finetune=True, epoch_fraction=0.2)
    with pytest.raises(ModelError, match="holds no trained model"):
        train_bot(root, options=finetune)
    first = train_bot(root, name="first")
    more = STORIES + "- story: bye\n      steps: [{intent: bye}, {action: utter_bye}]\n    "
    write_bot(config=CONFIG, data__stories=more)

    second = train_bot(root, name="second", options=finetune)

    assert second.trained == ["core", "policy"]
    old, new = (
        (model.folder / "core" / FOLDER / WEIGHTS).read_bytes() for model in (first, second)
    )
    assert old != new


QUICK = "policies: [{name: MemoizationPolicy}, {name: RulePolicy}]\n"
MORE = "    - good evening\n"


@pytest.fixture
def quick(root: Path, write_bot: WriteBot) -> Path:
    """The bot without a learned policy, trained once as ``a``."""
    write_bot(config=QUICK)
    train_bot(root, name="a")
    return root


def test_what_was_skipped_is_trained_later(quick: Path, write_bot: WriteBot) -> None:
    write_bot(config=QUICK, data__nlu=NLU + MORE)
    alone = train_bot(quick, options=Options(only="core"), name="b")
    assert (alone.trained, alone.reused) == (["core"], ["nlu"])

    after = train_bot(quick)

    assert after.trained == ["core", "nlu"]
    assert "evening" in (after.folder / "nlu" / "fake.json").read_text("utf-8")


def test_a_part_in_a_format_that_cannot_be_read_is_trained_anew(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakes.FakeUnderstandingPart, "FORMAT", 2)

    assert train_bot(quick, name="b").trained == ["core", "nlu"]


def test_the_format_of_a_part_is_told_without_heavy_libraries() -> None:
    code = (
        "import sys; from assistant import registry; "
        "registry.understanding().FORMAT; registry.generator().FORMAT; "
        "print(sorted({'torch', 'numpy', 'transformers'} & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert told.stdout == "[]\n"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda model: (model / "manifest.json").write_text("{"), "manifest.json: is damaged"),
        (lambda model: (model / "manifest.json").write_text("[]"), "manifest.json: is damaged"),
        (lambda model: (model / "nlu" / "fake.json").write_text("x"), "fake.json: is damaged"),
        (lambda model: (model / "nlu" / "fake.json").unlink(), "fake.json: is missing"),
    ],
    ids=["cut-off", "not-an-object", "changed-part", "missing-file"],
)
def test_a_damaged_last_model_stops_no_training(
    quick: Path, damage: Callable[[Path], object], told: str
) -> None:
    damage(quick / "models" / "a")
    notices: list[str] = []

    done = train_bot(quick, tools=Tools(notice=notices.append))

    assert (done.trained, done.reused) == (["core", "nlu"], [])
    (line,) = [each for each in notices if told in each]
    assert line.endswith("Nothing of it is kept.")
    assert "Train again" not in line
    check_files(done.folder)


@pytest.mark.parametrize("name", ["actions.py", "actions/orders/find.py", "endpoints.yml"])
def test_code_that_changed_makes_a_new_model(quick: Path, name: str) -> None:
    path = quick / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# new\n", encoding="utf-8")

    done = train_bot(quick)

    assert (done.trained, done.reused) == (["core"], ["nlu"])
    assert (done.folder / "core" / name).read_text("utf-8") == "# new\n"


def test_an_intent_that_the_domain_gains_is_learned(quick: Path, write_bot: WriteBot) -> None:
    write_bot(config=QUICK, domain=DOMAIN.replace("greet, bye", "greet, bye, thank"))

    assert train_bot(quick).trained == ["core", "nlu"]


def test_the_newest_model_is_the_one_that_was_made_last(quick: Path) -> None:
    train_bot(quick, name="Z_by_name_before_a")

    assert newest_model(quick / "models").name == "Z_by_name_before_a"


def test_slot_classes_of_the_bots_own_are_part_of_its_model(
    root: Path, write_bot: WriteBot
) -> None:
    slots = "slots: {people: {type: addons.slots.Count, mappings: [{type: custom}]}}\n"
    write_bot(config=QUICK, domain=DOMAIN + slots)
    (root / "addons" / "__pycache__").mkdir(parents=True)
    (root / "addons" / "__pycache__" / "slots.py").write_text("", encoding="utf-8")
    code = "from rasa.shared.core.slots import Slot\n\nclass Count(Slot):\n    pass\n"
    (root / "addons" / "slots.py").write_text(code, encoding="utf-8")

    done = train_bot(root)

    core = load_bot(done.folder / "core")
    assert slot_type("addons.slots.Count", core.root).__name__ == "Count"
    assert not (core.root / "addons" / "__pycache__").exists()


def test_a_language_that_nothing_translates_is_told(root: Path, write_bot: WriteBot) -> None:
    write_bot(config=QUICK + "translation: {languages: [zh, xx]}\n")
    notices: list[str] = []

    train_bot(root, tools=Tools(notice=notices.append))

    (line,) = [each for each in notices if "translates" in each]
    assert line.startswith(
        "config.yml: translation.languages: nothing translates between en and xx"
    )
    assert line.endswith("Known: en, zh.")


def test_progress_of_the_policy_is_told(root: Path) -> None:
    told: list[str] = []

    train_bot(root, tools=Tools(tick=lambda what, _done, _of: told.append(what)))

    assert "dialogue" in told


def test_a_configuration_from_elsewhere_stands_in_for_the_bots_own(
    root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "light.yml"
    other.write_text("language: de\n", encoding="utf-8")

    with staged(root, config=other) as copy:
        assert load_bot(copy).config.language == "de"
        assert len(load_bot(copy).stories) == 1
    assert not copy.exists()
    with staged(root) as same:
        assert same == root


def test_data_from_elsewhere_stand_in_for_the_bots_own(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "more"
    other.mkdir()
    (other / "nlu.yml").write_text((root / "data" / "nlu.yml").read_text(), encoding="utf-8")

    with staged(root, data=[other]) as copy:
        bot = load_bot(copy)

    assert (len(bot.stories), len(bot.data.examples)) == (0, 4)
