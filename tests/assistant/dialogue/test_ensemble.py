from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.dialogue.ensemble import Ensemble, best
from assistant.dialogue.events import ActionDone, FollowUp, Paused, UserSaid
from assistant.dialogue.policy_settings import policy_settings
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.tracker import LISTEN, Tracker

RULE = Prediction(action="ruled", confidence=1.0, policy="RulePolicy")
TOLD = Prediction(action="told", confidence=1.0, policy="MemoryPolicy")
FORM = Prediction(action="form", confidence=1.0, policy="RulePolicy", source="form")
SURE = Prediction(action="sure", confidence=0.8, policy="LearnedPolicy")
UNSURE = Prediction(action="unsure", confidence=0.2, policy="LearnedPolicy")
WORDS = Prediction(action="words", confidence=0.6, policy="LearnedPolicy", end_to_end=True)
UNLIKELY = Prediction(action="unlikely", confidence=1.0, policy="UnlikelyIntentPolicy")
FALLBACK = Prediction(action="fallback", confidence=0.3, policy="RulePolicy", source="fallback")


@pytest.mark.parametrize(
    ("predictions", "winner"),
    [
        pytest.param([TOLD, RULE], RULE, id="a-rule-before-a-story"),
        pytest.param([SURE, TOLD], TOLD, id="a-story-before-what-is-learned"),
        pytest.param([FALLBACK, SURE], SURE, id="learned-before-fallback"),
        pytest.param([UNSURE, FALLBACK], FALLBACK, id="fallback-before-a-guess"),
        pytest.param([SURE, UNLIKELY], UNLIKELY, id="unlikely-before-what-is-learned"),
        pytest.param([UNLIKELY, TOLD], TOLD, id="a-story-before-unlikely"),
        pytest.param([RULE, TOLD, WORDS], WORDS, id="words-before-intents"),
        pytest.param([WORDS, FORM, RULE], FORM, id="an-active-form-before-all"),
    ],
)
def test_rasas_order_decides(predictions: list[Prediction], winner: Prediction) -> None:
    assert best(predictions) == winner


def test_a_paused_bot_listens(write_bot: WriteBot) -> None:
    bot = load_bot(write_bot(domain="intents: [greet]\n"))
    tracker = Tracker("c", bot.domain, [ActionDone(name=LISTEN), UserSaid(text="hi"), Paused()])

    assert Ensemble(bot).predict(tracker).action == LISTEN


def test_a_retrieval_action_may_follow_by_its_short_name(write_bot: WriteBot) -> None:
    bot = load_bot(write_bot(domain="responses: {utter_faq/hours: [{text: At nine}]}\n"))
    for name in ("utter_faq", "utter_faq/hours"):
        tracker = Tracker("c", bot.domain, [ActionDone(name=LISTEN), FollowUp(name=name)])

        assert Ensemble(bot).predict(tracker).action == name


def test_the_fallback_is_the_one_that_the_configuration_names(write_bot: WriteBot) -> None:
    config = """\
        policies:
        - {name: RulePolicy, core_fallback_threshold: 0.6, core_fallback_action_name: utter_help}
        """
    bot = load_bot(
        write_bot(config=config, domain="responses: {utter_help: [{text: Help}]}\nintents: [a]\n")
    )
    tracker = Tracker("c", bot.domain)
    said = UserSaid(text="a", parse_data={"intent": {"name": "a"}})
    for event in (ActionDone(name=LISTEN), said):
        tracker.apply(event)

    prediction = Ensemble(bot).predict(tracker)

    assert (prediction.action, prediction.confidence) == ("utter_help", 0.6)
    assert not policy_settings(bot.config).remembers  # no memory was named
