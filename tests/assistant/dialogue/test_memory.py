"""Memoized stories: where they may begin, what is forgotten, which turns they see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.bot import load_bot
from assistant.dialogue.events import ActionDone, Event, UserSaid
from assistant.dialogue.memory_policy import MemoryPolicy
from assistant.dialogue.policy_settings import policy_settings
from assistant.dialogue.states import moments
from assistant.dialogue.story_events import events_of
from assistant.dialogue.tracker import LISTEN

BOT = """
    intents: [ask, more, yes, thank]
    responses:
      utter_balance: [{text: balance}]
      utter_more: [{text: more}]
      utter_ok: [{text: ok}]
      utter_bye: [{text: bye}]
"""
GOES_ON = """
    stories:
    - story: ok after the balance
      steps: [{action: utter_balance}, {intent: yes}, {action: utter_ok}]
"""
WHOLE = """
    stories:
    - story: from the start
      steps: [{intent: ask}, {action: utter_balance}, {intent: more}, {action: utter_more}]
"""
WriteBot = Callable[..., Path]


def heard(intent: str) -> UserSaid:
    return UserSaid(text=None, parse_data={"intent": {"name": intent}, "entities": []})


def conversation(*turns: tuple[str, str], hidden: bool = False) -> list[Event]:
    """Turns of an intent and the action that answers it; the last action is still to come."""
    events: list[Event] = [ActionDone(name=LISTEN)]
    for intent, action in turns:
        answer = ActionDone(name=action, hide_rule_turn=hidden)
        events += [heard(intent), answer, ActionDone(name=LISTEN, hide_rule_turn=hidden)]
    return events


def remember(root: Path, *, forgets: bool, history: int | None = 5) -> MemoryPolicy:
    bot = load_bot(root)
    return MemoryPolicy(bot.stories, bot.domain, histories=(history,), forgets=forgets)


def recalled(policy: MemoryPolicy, events: list[Event], intent: str) -> str | None:
    prediction = policy.predict([*events, heard(intent)])
    return prediction.action if prediction else None


@pytest.mark.parametrize("hidden", [False, True], ids=["a story's turn", "a rule's turn"])
def test_a_story_that_begins_with_an_action_goes_on_from_it(
    write_bot: WriteBot, hidden: bool
) -> None:
    policy = remember(write_bot(domain=BOT, data__stories=GOES_ON), forgets=True)
    before = conversation(("more", "utter_more"), ("ask", "utter_balance"), hidden=hidden)

    assert recalled(policy, before, "yes") == "utter_ok"
    assert recalled(policy, before, "thank") is None


def test_nobody_decides_on_the_action_that_a_story_begins_with(write_bot: WriteBot) -> None:
    bot = load_bot(write_bot(domain=BOT, data__stories=GOES_ON))
    events = events_of(bot.stories[0].steps, bot.domain)

    told = [(states[0].previous, action) for states, action in moments(events, bot.domain)]

    assert events[0] == ActionDone(name="utter_balance")
    assert told == [(None, LISTEN), (None, "utter_ok"), (None, LISTEN)]


@pytest.mark.parametrize(("forgets", "expected"), [(True, "utter_more"), (False, None)])
def test_only_augmented_memory_forgets_what_was_before(
    write_bot: WriteBot, forgets: bool, expected: str | None
) -> None:
    policy = remember(write_bot(domain=BOT, data__stories=WHOLE), forgets=forgets)
    before = conversation(("thank", "utter_bye"), ("ask", "utter_balance"))

    assert recalled(policy, before, "more") == expected
    assert recalled(policy, before[:1] + before[4:], "more") == "utter_more"


def test_memory_looks_back_on_the_last_states_alone(write_bot: WriteBot) -> None:
    root = write_bot(domain=BOT, data__stories=WHOLE)
    before = conversation(("thank", "utter_bye"), ("ask", "utter_balance"))

    assert recalled(remember(root, forgets=False, history=2), before, "more") == "utter_more"
    assert recalled(remember(root, forgets=False, history=None), before, "more") is None


@pytest.mark.parametrize(
    ("first", "expected"),
    [(("more", "utter_more"), "utter_ok"), (("thank", "utter_bye"), "utter_bye")],
    ids=["a story goes on from the rule", "the rule interrupted a story"],
)
def test_with_a_rules_turn_or_without_it_the_longer_memory_counts(
    write_bot: WriteBot, first: tuple[str, str], expected: str
) -> None:
    others = """
    - story: a yes alone
      steps: [{intent: yes}, {action: utter_more}]
    - story: the end
      steps: [{intent: thank}, {action: utter_bye}, {intent: yes}, {action: utter_bye}]
"""
    policy = remember(write_bot(domain=BOT, data__stories=GOES_ON + others), forgets=True)
    ruled = conversation(("ask", "utter_balance"), hidden=True)[1:]

    assert recalled(policy, [*conversation(first), *ruled], "yes") == expected


ALIKE = """
    stories:
    - story: a thank first
      steps:
      - {intent: thank}
      - {action: utter_bye}
      - {intent: ask}
      - {action: utter_balance}
      - {intent: ask}
      - {action: utter_balance}
      - {intent: ask}
      - {action: utter_balance}
      - {intent: yes}
      - {action: utter_ok}
    - story: a yes first
      steps:
      - {intent: yes}
      - {action: utter_more}
      - {intent: ask}
      - {action: utter_balance}
      - {intent: ask}
      - {action: utter_balance}
      - {intent: ask}
      - {action: utter_balance}
      - {intent: yes}
      - {action: utter_bye}
"""
ASKS = [("ask", "utter_balance")] * 3


def configured(write_bot: WriteBot, policy: str) -> MemoryPolicy:
    config = f"policies: [{{name: {policy}}}]"
    bot = load_bot(write_bot(domain=BOT, config=config, data__stories=ALIKE))
    told = policy_settings(bot.config)
    return MemoryPolicy(bot.stories, bot.domain, histories=told.histories, forgets=told.forgets)


@pytest.mark.parametrize("policy", ["MemoizationPolicy", "AugmentedMemoizationPolicy"])
def test_without_max_history_the_start_of_a_conversation_tells_stories_apart(
    write_bot: WriteBot, policy: str
) -> None:
    memory = configured(write_bot, policy)

    assert recalled(memory, conversation(("thank", "utter_bye"), *ASKS), "yes") == "utter_ok"
    assert recalled(memory, conversation(("yes", "utter_more"), *ASKS), "yes") == "utter_bye"


def test_older_turns_are_forgotten_until_a_whole_story_is_left(write_bot: WriteBot) -> None:
    before = conversation(("more", "utter_more"), ("thank", "utter_bye"), *ASKS)

    augmented = configured(write_bot, "AugmentedMemoizationPolicy")
    assert recalled(augmented, before, "yes") == "utter_ok"
    plain = configured(write_bot, "MemoizationPolicy, max_history: null")
    assert recalled(plain, before, "yes") is None


def test_where_no_story_has_the_whole_conversation_its_last_states_count(
    write_bot: WriteBot,
) -> None:
    before = conversation(("more", "utter_more"), ("thank", "utter_bye"))

    for policy, action in (
        ("MemoizationPolicy", "utter_balance"),
        ("MemoizationPolicy, max_history: null", None),
    ):
        memory = configured(write_bot, policy)
        assert recalled(memory, [*before, *conversation(*ASKS[:1])[1:]], "ask") == action
