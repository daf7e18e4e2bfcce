from __future__ import annotations

import re

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.errors import BotFilesError
from assistant.stories import (
    ANY,
    ActionStep,
    BotStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    SlotStep,
    UserStep,
)
from assistant.training_data import EntitySpan


def test_every_kind_of_step_is_read_with_its_place(write_bot: WriteBot) -> None:
    root = write_bot(
        data__stories="""\
            stories:
            - story: all
              metadata: {language: zh}
              steps:
              - checkpoint: begin
                slot_was_set: [town]
              - user: "to [Oslo](city)"
                intent: book
              - intent: book
                entities: [{city: Bergen, role: to}, city]
              - or: [{intent: affirm}, {intent: deny}]
              - action: utter_x
              - bot: Hello there
              - slot_was_set: [{town: Oslo}, {vip: null}, seen]
              - active_loop: trip_form
              - active_loop: null
            """
    )

    (story,) = load_bot(root, validate=False).stories

    at = "data/stories.yml"
    assert story.metadata == {"language": "zh"}
    assert story.where == f"{at}:2"
    assert story.steps == (
        CheckpointStep(
            name="begin", slots=(SlotStep(name="town", value=ANY, where=f"{at}:6"),),
            where=f"{at}:5",
        ),
        UserStep(
            intent="book", text="to Oslo", entities=(("city", "Oslo", None, None),),
            spans=(EntitySpan(start=3, end=7, entity="city", value="Oslo"),),
            where=f"{at}:7",
        ),
        UserStep(
            intent="book", entities=(("city", "Bergen", "to", None), ("city", ANY, None, None)),
            where=f"{at}:9",
        ),
        OrStep(
            choices=(
                UserStep(intent="affirm", where=f"{at}:11"),
                UserStep(intent="deny", where=f"{at}:11"),
            ),
            where=f"{at}:11",
        ),
        ActionStep(name="utter_x", where=f"{at}:12"),
        BotStep(text="Hello there", where=f"{at}:13"),
        SlotStep(name="town", value="Oslo", where=f"{at}:14"),
        SlotStep(name="vip", value=None, where=f"{at}:14"),
        SlotStep(name="seen", value=ANY, where=f"{at}:14"),
        LoopStep(name="trip_form", where=f"{at}:15"),
        LoopStep(name=None, where=f"{at}:16"),
    )  # fmt: skip


def test_a_rule_has_conditions_a_start_and_may_not_wait(write_bot: WriteBot) -> None:
    root = write_bot(
        data__rules="""\
            rules:
            - rule: a
              condition: [{active_loop: f}, {slot_was_set: [{vip: true}]}]
              conversation_start: true
              wait_for_user_input: false
              steps: [{intent: greet}]
            - rule: b
              steps: [{intent: greet}]
            """
    )

    a, b = load_bot(root, validate=False).rules

    assert (a.from_start, a.waits, len(a.conditions)) == (True, False, 2)
    assert (b.from_start, b.waits, b.conditions) == (False, True, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- stroy: a\n  steps: []\n", "stories.yml:2: a story has no key 'stroy'. Did you mean"),
        ("- story: a\n  steps: [greet]\n", "a step must be a mapping such as '- action:"),
        ("- story: a\n  steps:\n  - acton: b\n", "stories.yml:4: a step has no key 'acton'."),
        ("- story: a\n  steps:\n  - {}\n", "stories.yml:4: a step needs one of intent"),
        ("- story: a\n  steps:\n  - intent: b\n    action: c\n",
         "stories.yml:4: intent and action are several steps. Begin each with its own '- '."),
        ("- story: a\n  steps:\n  - action:\n", "stories.yml:4: action must be a text"),
        ("- story: a\n  steps:\n  - slot_was_set: [{a: 1}, [b]]\n", "stories.yml:4: a slot"),
        ("- story: a\n  steps:\n  - or: [{action: b}]\n", "stories.yml:4: 'or' joins only"),
        ("- story: a\n  steps:\n  - user: '[x]{y}'\n", "stories.yml:4: the mark '[x]{y}' is not"),
        ("- story: a\n  steps:\n  - intent: b\n    entities: [{role: a}]\n",
         "stories.yml:5: an entity is written '- city: Oslo'"),
        ("- story: a\n  steps: b\n", "stories.yml:3: steps must be a list"),
    ],
)  # fmt: skip
def test_faults_of_a_story_are_told_with_their_line(
    text: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(data__stories=f"stories:\n{text}", domain="intents: [b]\n")

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("condition: [{intent: b}]\n  steps: [{intent: b}]", "a condition is an active_loop or"),
        ("conversation_start: maybe\n  steps: [{intent: b}]", "must be true or false"),
        ("conditions: []\n  steps: [{intent: b}]", "Did you mean 'condition'?"),
    ],
)
def test_faults_of_a_rule_are_told_with_their_line(
    text: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(data__rules=f"rules:\n- rule: a\n  {text}\n", domain="intents: [b]\n")

    with pytest.raises(BotFilesError, match=re.escape(expected)):
        load_bot(root)


def test_a_literal_message_brings_its_intent_and_entities(write_bot: WriteBot) -> None:
    root = write_bot(
        tests__test_stories="""\
            stories:
            - story: a
              steps:
              - user: '/inform{"city": ["Oslo", "Bergen"], "n": 2}'
                intent: inform
            """
    )

    (story,) = load_bot(root, validate=False).tests

    (step,) = story.steps
    assert isinstance(step, UserStep)
    assert step.entities == (
        ("city", "Oslo", None, None), ("city", "Bergen", None, None), ("n", 2, None, None),
    )  # fmt: skip


def test_end_to_end_steps_have_no_intent(write_bot: WriteBot) -> None:
    root = write_bot(data__stories="stories: [{story: a, steps: [{user: hello}, {bot: Hi!}]}]\n")

    (story,) = load_bot(root, validate=False).stories

    assert [type(step) for step in story.steps] == [UserStep, BotStep]
    assert isinstance(story.steps[0], UserStep)
    assert story.steps[0].intent is None


def test_a_story_without_steps_and_a_whole_retrieval_intent_are_told(write_bot: WriteBot) -> None:
    root = write_bot(
        data__stories="""\
            stories:
            - story: a
              steps: []
            - story: b
              steps: [{intent: faq/hours}, {metadata: kept}]
            - steps: [{intent: b}]
            - story: c
              steps:
              - intent: b
                entities: [{size: 1, city: Oslo}]
            """
    )

    bot = load_bot(root, validate=False)

    assert [story.name for story in bot.stories] == ["b", "c"]
    assert bot.notices == [
        "data/stories.yml:3: story 'a' has no steps.",
        "data/stories.yml:5: intent 'faq/hours' is read as 'faq' in stories.",
        "data/stories.yml:6: a story without the key 'story' is not read.",
        "data/stories.yml:10: of size, city only the last counts: give each its '- '.",
    ]
