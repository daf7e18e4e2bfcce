"""Rules against rules and stories against rules, as Rasa's RulePolicy judges them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.validation import validate_bot

DOMAIN = """
    intents: [greet, order, chat, stop]
    slots:
      vip: {type: bool, mappings: [{type: custom}]}
      size: {type: text, mappings: [{type: from_text}]}
    forms: {order_form: {required_slots: [size]}}
    responses:
      utter_a: [{text: a}]
      utter_b: [{text: b}]
      utter_ask_size: [{text: Which size?}]
    actions: [action_x]
    """
HELLO = """
    rules:
    - rule: hello
      steps:
      - intent: greet
      - action: utter_a
    """
FORM = """
    rules:
    - rule: begin
      steps:
      - intent: order
      - action: order_form
      - active_loop: order_form
    - rule: end
      condition:
      - active_loop: order_form
      steps:
      - action: order_form
      - active_loop: null
      - slot_was_set: [{requested_slot: null}]
      - action: utter_a
    - rule: chat
      steps:
      - intent: chat
      - action: utter_b
    """


def errors(write_bot: WriteBot, *texts: str) -> list[str]:
    """The errors of a bot with the given pieces of rules and stories, each in a file."""
    files = {f"data__part{i}": dedent(text) for i, text in enumerate(texts)}
    found = validate_bot(load_bot(write_bot(domain=DOMAIN, **files)), stories_only=True)
    return [str(each) for each in found.errors]


def story(*steps: str) -> str:
    """A story of one step a line."""
    return "stories:\n- story: told\n  steps:\n" + "".join(f"  - {step}\n" for step in steps)


def test_a_story_that_goes_on_differently_than_a_rule_is_told_at_its_step(
    write_bot: WriteBot,
) -> None:
    told = errors(write_bot, HELLO, story("intent: greet", "action: utter_b"))

    what = "story 'told' goes on with 'utter_b' here, but the rule 'hello' (data/part0.yml:3)"
    assert told == [f"data/part1.yml:5: error: {what} demands 'utter_a'. Make them agree."]


def test_a_story_that_acts_on_where_a_rule_listens_is_told(write_bot: WriteBot) -> None:
    told = errors(write_bot, HELLO, story("intent: greet", "action: utter_a", "action: utter_b"))

    assert len(told) == 1
    assert "goes on with 'utter_b'" in told[0]
    assert "demands 'action_listen'" in told[0]


def test_two_rules_that_say_different_things_of_the_same_are_told(write_bot: WriteBot) -> None:
    other = HELLO.replace("hello", "other").replace("utter_a", "utter_b")

    told = errors(write_bot, HELLO, other)

    assert len(told) == 1
    assert "rule 'other' goes on with 'utter_b'" in told[0]
    assert "the rule 'hello' (data/part0.yml:3)" in told[0]


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(
            "- rule: vip\n  condition: [{slot_was_set: [{vip: true}]}]\n"
            "  steps: [{intent: greet}, {action: utter_b}]\n",
            id="one-asks-for-more",
        ),
        pytest.param(
            "- rule: first\n  conversation_start: true\n"
            "  steps: [{intent: greet}, {action: utter_b}]\n",
            id="one-only-at-the-start",
        ),
        pytest.param(
            "- rule: same\n  steps: [{intent: greet}, {action: utter_a}]\n", id="they-agree"
        ),
        pytest.param(
            "- rule: goes on\n  steps: [{action: action_x}, {action: utter_b}]\n",
            id="one-begins-with-an-action",
        ),
    ],
)
def test_two_rules_may_meet_where_the_closer_one_wins(rule: str, write_bot: WriteBot) -> None:
    assert errors(write_bot, HELLO, f"rules:\n{rule}") == []


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            ["intent: order", "action: order_form", "active_loop: order_form",
             "active_loop: null", "action: utter_a"],
            id="straight",
        ),
        pytest.param(
            ["intent: order", "action: order_form", "active_loop: order_form", "intent: chat",
             "action: utter_b", "action: order_form", "active_loop: null", "action: utter_a"],
            id="with-a-chat-in-between",
        ),
        pytest.param(
            ["intent: order", "action: order_form", "active_loop: order_form", "intent: stop",
             "action: utter_b", "action: action_deactivate_loop", "active_loop: null"],
            id="given-up",
        ),
        pytest.param(
            ["intent: order", "action: order_form", "active_loop: order_form", "intent: stop",
             "action: utter_b", "or: [{intent: greet}, {intent: order}]", "action: order_form",
             "active_loop: null", "action: utter_a"],
            id="stopped-and-gone-on",
        ),
        pytest.param(
            ["intent: order", "action: order_form", "active_loop: order_form", "intent: stop",
             "action: utter_b", "intent: greet", "action: action_deactivate_loop",
             "active_loop: null", "action: utter_b"],
            id="stopped-and-given-up",
        ),
        pytest.param(
            ["intent: order", "action: order_form", "active_loop: order_form",
             "slot_was_set: [{size: small}]", "slot_was_set: [{requested_slot: null}]",
             "active_loop: null", "action: utter_a", "intent: greet"],
            id="with-its-slots",
        ),
    ],
)  # fmt: skip
def test_a_story_may_lead_through_a_form(steps: list[str], write_bot: WriteBot) -> None:
    assert errors(write_bot, FORM, story(*steps)) == []


def test_a_story_that_ends_a_form_differently_is_told(write_bot: WriteBot) -> None:
    steps = ["intent: order", "action: order_form", "active_loop: order_form",
             "active_loop: null", "action: utter_b"]  # fmt: skip

    told = errors(write_bot, FORM, story(*steps))

    assert len(told) == 1
    assert "the rule 'end'" in told[0]


def test_a_chat_inside_a_form_may_not_be_answered_differently_than_outside(
    write_bot: WriteBot,
) -> None:
    steps = ["intent: order", "action: order_form", "active_loop: order_form", "intent: chat",
             "action: utter_a", "action: order_form"]  # fmt: skip

    told = errors(write_bot, FORM, story(*steps))

    assert len(told) == 1
    assert "story 'told' goes on with 'utter_a'" in told[0]
    assert "the rule 'chat'" in told[0]


def test_a_contradiction_behind_an_or_is_told_once_for_the_branch(write_bot: WriteBot) -> None:
    steps = ["or: [{intent: greet}, {intent: chat}]", "action: utter_b"]

    told = errors(write_bot, HELLO, story(*steps))

    assert len(told) == 1


def test_rules_with_several_messages_are_refused_unless_the_configuration_allows_them(
    write_bot: WriteBot,
) -> None:
    rule = dedent(HELLO) + "  - intent: chat\n  - action: utter_b\n"

    told = errors(write_bot, rule)

    assert told == [
        "data/part0.yml:7: error: rule 'hello' has more than one user message. Make it a story."
    ]
    root = write_bot(
        domain=DOMAIN,
        config="policies: [{name: RulePolicy, restrict_rules: false}]\n",
        data__part0=rule,
    )
    assert not validate_bot(load_bot(root), stories_only=True).errors


def test_an_action_that_sets_a_slot_in_one_rule_must_in_all(write_bot: WriteBot) -> None:
    sets = "- rule: sets\n  steps:\n  - {intent: order}\n  - {action: action_x}\n"
    sets += "  - slot_was_set: [{vip: true}]\n  - action: utter_a\n"
    not_sets = "- rule: forgets\n  steps:\n  - intent: chat\n  - action: action_x\n"

    told = errors(write_bot, f"rules:\n{sets}{not_sets}")

    assert len(told) == 1
    assert told[0].startswith("data/part0.yml:11: error: rule 'forgets': the action 'action_x'")
    assert errors(write_bot, f"rules:\n{sets}{not_sets}  wait_for_user_input: false\n") == []


def test_a_form_that_a_rule_starts_without_saying_so_is_incomplete(write_bot: WriteBot) -> None:
    silent = "rules:\n- rule: silent\n  steps:\n  - intent: stop\n  - action: order_form\n"

    told = errors(write_bot, FORM, silent)

    assert len(told) == 1
    assert "rule 'silent': after 'order_form' other rules have 'active_loop:" in told[0]


@pytest.mark.parametrize(
    ("max_history", "conflicts"), [(None, 0), (1, 1)], ids=["whole-history", "one-state"]
)
def test_stories_conflict_where_what_came_before_is_too_far_away(
    max_history: int | None, conflicts: int, write_bot: WriteBot
) -> None:
    long = "stories:\n"
    for name, begin, end in (("one", "greet", "utter_a"), ("two", "stop", "utter_b")):
        long += f"- story: {name}\n  steps: [{{intent: {begin}}}, {{action: action_x}}, "
        long += f"{{intent: chat}}, {{action: {end}}}]\n"
    bot = load_bot(write_bot(domain=DOMAIN, data__stories=long))

    found = validate_bot(bot, stories_only=True, max_history=max_history)

    assert not found.errors
    told = [each for each in found.warnings if each.check == "story-conflict"]
    assert len(told) == conflicts
    assert all("after the intent 'chat', the story 'two' goes on with 'utter_b'" in each.what
               for each in told)  # fmt: skip


@pytest.mark.parametrize(
    ("policies", "checks"),
    [
        pytest.param(
            "[{name: RulePolicy, check_for_contradictions: false}]", [], id="switched-off"
        ),
        pytest.param("[{name: MemoizationPolicy}]", ["rules-without-policy"], id="no-rule-policy"),
        pytest.param("[{name: rasa.core.RulePolicy}]", ["contradiction"], id="on"),
        pytest.param("[]", ["contradiction"], id="by-default"),
    ],
)
def test_contradictions_are_looked_for_as_the_configuration_says(
    policies: str, checks: list[str], write_bot: WriteBot
) -> None:
    root = write_bot(
        domain=DOMAIN,
        config=f"policies: {policies}\n",
        data__rules=HELLO,
        data__stories=story("intent: greet", "action: utter_b"),
    )

    found = validate_bot(load_bot(root), stories_only=True)

    assert [each.check for each in found] == checks
