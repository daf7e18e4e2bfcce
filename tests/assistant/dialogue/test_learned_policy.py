from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import WriteBot
from safetensors.numpy import load_file
from talks import Talk

from assistant.bot import Bot, load_bot
from assistant.dialogue.learned_policy import training
from assistant.dialogue.learned_policy.examples import examples_of
from assistant.dialogue.learned_policy.features import Vocabulary, features_of
from assistant.dialogue.learned_policy.inference import DialogueInference
from assistant.dialogue.learned_policy.network import DialogueNetwork, Shape
from assistant.dialogue.learned_policy.policy import FOLDER, WEIGHTS, LearnedPolicy, load_policy
from assistant.dialogue.learned_policy.settings import LearnedSettings, learned_settings
from assistant.dialogue.learned_policy.training import train_policy
from assistant.dialogue.learned_policy.unlikely_intent import thresholds_of
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.states import State
from assistant.errors import ModelError

CONFIG = """\
    policies:
    - name: MemoizationPolicy
    - name: RulePolicy
    - {name: TEDPolicy, epochs: 60, max_history: 5}
    """
DOMAIN = """\
    intents: [greet, bye, ask_price, ask_size, affirm, deny, thank]
    entities: [item]
    responses:
      utter_greet: [{text: Hello}]
      utter_bye: [{text: Bye}]
      utter_price: [{text: Ten}]
      utter_size: [{text: Big}]
      utter_bought: [{text: Bought}]
      utter_left: [{text: Left}]
      utter_welcome: [{text: Welcome}]
      utter_default: [{text: Pardon}]
    """
STORIES = """\
    stories:
    - story: buys
      steps:
      - intent: greet
      - action: utter_greet
      - intent: ask_price
      - action: utter_price
      - intent: affirm
      - action: utter_bought
      - intent: bye
      - action: utter_bye
    - story: leaves
      steps:
      - intent: ask_size
      - action: utter_size
      - intent: ask_price
      - action: utter_price
      - intent: deny
      - action: utter_left
    - story: thanks
      steps:
      - intent: thank
      - action: utter_welcome
      - intent: bye
      - action: utter_bye
    """
START = State(intent="greet", entities=frozenset(), previous="action_listen", slots=frozenset(),
              loop=None)  # fmt: skip


@pytest.fixture
def root(write_bot: WriteBot) -> Path:
    return write_bot(config=CONFIG, domain=DOMAIN, data__stories=STORIES)


@pytest.fixture
def trained(root: Path) -> Bot:
    bot = load_bot(root)
    settings = learned_settings(bot.config)
    assert settings is not None
    assert train_policy(bot, settings, root / FOLDER)
    return bot


async def test_a_conversation_that_no_story_tells_goes_on_as_the_stories_would(
    trained: Bot,
) -> None:
    talk = Talk(trained.root)

    assert await talk.say("thank") == ["Welcome"]
    assert await talk.say("ask_size") == ["Big"]
    assert await talk.say("ask_price", item="sofa") == ["Ten"]  # the stories know no entity here
    assert await talk.say("affirm") == ["Bought"]
    assert await talk.say("bye") == ["Bye"]


async def test_without_the_policy_the_same_conversation_ends_in_the_fallback(root: Path) -> None:
    talk = Talk(root)
    await talk.say("thank")

    assert await talk.say("deny") == ["Pardon"]


def test_numpy_gives_the_same_numbers_as_torch() -> None:
    torch.manual_seed(3)
    shape = Shape(features=20, actions=7, intents=4, history=5, width=32, layers=2)
    network = DialogueNetwork(shape).eval()
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    numbers = np.random.default_rng(1).integers(0, 21, (6, 5, 3))
    numbers[0, :3] = 0  # a short conversation
    numbers[1] = 0  # nothing known at all

    with torch.inference_mode():
        seen = network(torch.from_numpy(numbers))
        assert network.intent is not None
        actions = network.action(seen).softmax(dim=1).numpy()
        intents = network.intent(seen).numpy()

    mine = DialogueInference(weights, heads=shape.heads)
    np.testing.assert_allclose(mine.actions(numbers), actions, atol=1e-5)
    np.testing.assert_allclose(mine.intents(numbers), intents, atol=1e-4)


def test_two_trainings_with_one_seed_give_the_same_weights(root: Path, tmp_path: Path) -> None:
    bot, settings = load_bot(root), LearnedSettings(epochs=3, augmentation=2)

    for name in ("a", "b"):
        train_policy(bot, settings, tmp_path / name)

    one, other = load_file(tmp_path / "a" / WEIGHTS), load_file(tmp_path / "b" / WEIGHTS)
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_finetuned_policy_starts_from_what_the_last_one_knew(
    trained: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "FEWEST_ROUNDS", 1)
    monkeypatch.setattr(training, "ROUND", 1)  # a single step
    short = LearnedSettings(epochs=1, augmentation=0)
    probes = examples_of(trained.stories, trained.domain, history=5, augmentation=0, seed=1)

    def right(folder: Path) -> int:
        policy = LearnedPolicy.load(folder, short)
        return sum(policy.predict(window)[0].action == action for window, action in probes)

    train_policy(trained, short, tmp_path / "anew")
    train_policy(trained, short, tmp_path / "on", start=trained.root / FOLDER)

    assert right(tmp_path / "on") == len(probes) > right(tmp_path / "anew")


def test_augmentation_shows_stories_one_after_the_other(root: Path) -> None:
    bot = load_bot(root)

    def windows(augmentation: int) -> set[tuple[str | None, ...]]:
        found = examples_of(bot.stories, bot.domain, history=5, augmentation=augmentation, seed=1)
        return {tuple(s.intent for s in window) for window, _ in found}

    after_bye = {intents for intents in windows(10) if "bye" in intents[:-1]}
    assert {intents[-1] for intents in after_bye} >= {"greet", "ask_size", "thank"}
    assert not [i for i in windows(0) if "bye" in i[:-1] and i[-1] != "bye"]


def test_the_message_counts_only_right_after_it() -> None:
    assert "intent=greet" in features_of(START)
    assert "intent=greet" not in features_of(replace(START, previous="utter_greet"))


def test_what_no_story_has_is_left_out() -> None:
    vocabulary = Vocabulary.of([([START], "utter_greet")])
    strange = replace(START, intent="joke", entities=frozenset({("item", None, None)}))

    numbers = vocabulary.numbers([[START, strange]], 3)

    assert numbers[0, 0].sum() == 0
    assert np.count_nonzero(numbers[0, 1]) == len(vocabulary.features)
    assert np.count_nonzero(numbers[0, 2]) == len(vocabulary.features) - 1


def test_the_policy_is_on_when_the_configuration_names_it(write_bot: WriteBot) -> None:
    def settings(policies: str) -> LearnedSettings | None:
        return learned_settings(load_bot(write_bot(config=policies, domain=DOMAIN)).config)

    assert settings("policies: [{name: MemoizationPolicy}, {name: RulePolicy}]") is None
    default = settings("language: en")
    assert default is not None
    assert (default.decides, default.judges_intents) == (True, False)
    named = settings("policies: [{name: TEDPolicy, max_history: 3, epochs: 7, random_seed: 5}]")
    assert named is not None
    assert (named.history, named.epochs, named.seed) == (3, 7, 5)
    judge = settings("policies: [{name: UnexpecTEDIntentPolicy, ignore_intents_list: [bye]}]")
    assert judge is not None
    assert (judge.decides, judge.judges_intents, judge.ignored_intents) == (False, True, ("bye",))


async def test_a_message_that_never_comes_at_this_point_is_unlikely(
    write_bot: WriteBot,
) -> None:
    config = CONFIG + "- {name: UnexpecTEDIntentPolicy, max_history: 5}\n"
    bot = load_bot(write_bot(config=config, domain=DOMAIN, data__stories=STORIES))
    settings = learned_settings(bot.config)
    assert settings is not None
    train_policy(bot, settings, bot.root / FOLDER)
    talk = Talk(bot.root)

    await talk.say("ask_size")
    assert "action_unlikely_intent" not in talk.actions
    await talk.say("deny")
    assert talk.actions[0] == "action_unlikely_intent"
    assert talk.actions[1:], "after it the bot still answers"


def test_a_threshold_lets_every_told_place_and_a_share_of_the_others_pass() -> None:
    scores = np.array([[3.0], [2.0], [1.0], [-1.0]], dtype=np.float32)
    follows = np.array([[1], [1], [0], [0]], dtype=np.float32)

    assert thresholds_of(scores, follows, tolerance=0.0) == [2.0]
    assert thresholds_of(scores, follows, tolerance=0.4) == [1.0]
    assert thresholds_of(scores, follows, tolerance=1.0) == [-1.0]


async def test_a_message_may_be_answered_by_its_words(write_bot: WriteBot) -> None:
    stories = """\
        stories:
        - story: by intent
          steps: [{intent: greet}, {action: utter_greet}]
        - story: by words
          steps: [{user: what is the price of this sofa}, {action: utter_price}]
        - story: by other words
          steps: [{user: how large is the bed}, {action: utter_size}]
        """
    bot = load_bot(write_bot(config=CONFIG, domain=DOMAIN, data__stories=stories))
    train_policy(bot, LearnedSettings(), bot.root / FOLDER)
    talk = Talk(bot.root)

    assert await talk.say("greet", text="good day") == ["Hello"]
    assert await talk.say("thank", text="the price of the sofa is what") == ["Ten"]


async def test_words_that_no_story_has_leave_the_choice_to_rules_and_intents(
    write_bot: WriteBot,
) -> None:
    stories = """\
        stories:
        - story: by intent
          steps: [{intent: greet}, {action: utter_greet}]
        - story: by words
          steps: [{user: 这个沙发多少钱啊}, {action: utter_price}]
        rules:
        - rule: bye
          steps: [{intent: bye}, {action: utter_bye}]
        """
    bot = load_bot(write_bot(config=CONFIG, domain=DOMAIN, data__stories=stories))
    train_policy(bot, LearnedSettings(), bot.root / FOLDER)
    talk = Talk(bot.root)

    assert await talk.say("bye", text="我要走了") == ["Bye"]
    assert await talk.say("bye", text="这个沙发很好") == ["Bye"]  # a few of the words are too few
    assert await talk.say("greet", text="早上好") == ["Hello"]
    assert await Talk(bot.root).say("thank", text="沙发多少钱？") == ["Ten"]


def test_a_damaged_policy_is_told_in_one_line(trained: Bot) -> None:
    (trained.root / FOLDER / WEIGHTS).write_bytes(b"nothing")

    with pytest.raises(ModelError, match="Train again: trilogue train"):
        load_policy(trained)


def test_a_bot_without_stories_has_nothing_to_learn(write_bot: WriteBot, tmp_path: Path) -> None:
    bot = load_bot(write_bot(domain=DOMAIN))

    assert not train_policy(bot, LearnedSettings(), tmp_path / "policy")
    assert not (tmp_path / "policy").exists()


def test_a_policy_of_another_shape_is_left_alone_and_that_is_said(
    trained: Bot, tmp_path: Path
) -> None:
    told: list[str] = []
    longer = LearnedSettings(history=7, epochs=2)

    train_policy(
        trained, longer, tmp_path / "on", start=trained.root / FOLDER, notice=told.append,
        epoch_fraction=0.1,
    )  # fmt: skip
    train_policy(trained, longer, tmp_path / "anew")

    anew, gone_on = ((tmp_path / each / WEIGHTS).read_bytes() for each in ("anew", "on"))
    assert gone_on == anew
    assert told == [
        "The last learned policy has another shape (max_history, for one): it is trained anew."
    ]


def test_a_policy_of_the_same_shape_goes_on_without_a_word(trained: Bot, tmp_path: Path) -> None:
    told: list[str] = []
    settings = LearnedSettings(epochs=2)

    train_policy(
        trained, settings, tmp_path / "on", start=trained.root / FOLDER, notice=told.append
    )
    train_policy(trained, settings, tmp_path / "anew")

    assert not told
    assert (tmp_path / "on" / WEIGHTS).read_bytes() != (tmp_path / "anew" / WEIGHTS).read_bytes()


@pytest.mark.parametrize(
    ("policy", "learns"),
    [("TEDPolicy", True), ("KerasPolicy", True), ("SklearnPolicy", True), ("RulePolicy", False)],
)
def test_policies_that_learn_from_stories_stand_for_the_learned_one(
    write_bot: WriteBot, policy: str, *, learns: bool
) -> None:
    bot = load_bot(write_bot(domain=DOMAIN, config=f"policies: [{{name: {policy}}}]\n"))

    assert (learned_settings(bot.config) is not None) == learns


async def test_where_a_story_tells_how_to_go_on_the_network_is_not_asked(
    trained: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(trained.root)
    learned = talk.engine.ensemble.learned
    assert learned is not None
    asked: list[str] = []
    predict = learned.predict

    def count(states: list[State], **others: Any) -> list[Prediction]:  # noqa: ANN401
        asked.append(str(states[-1].intent))
        return predict(states, **others)

    monkeypatch.setattr(learned, "predict", count)
    await talk.say("greet")
    assert not asked

    await talk.say("thank")
    assert "thank" in asked
