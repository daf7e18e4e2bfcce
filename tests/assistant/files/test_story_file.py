from __future__ import annotations

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
            name="begin", slots=(SlotStep(name="town", value=ANY, where=f"{at}:5"),),
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
        ("- story: a\n", "stories.yml:2: a story needs the keys 'story' and 'steps'."),
        ("- stroy: a\n  steps: []\n", "stories.yml:2: a story has no key 'stroy'. Did you mean"),
        ("- story: a\n  steps: [greet]\n", "a step must be a mapping such as '- action:"),
        ("- story: a\n  steps:\n  - acton: b\n", "stories.yml:4: a step has no key 'acton'."),
        ("- story: a\n  steps:\n  - metadata: b\n", "stories.yml:4: a step needs one of intent"),
        ("- story: a\n  steps:\n  - or: [{action: b}]\n", "stories.yml:4: 'or' joins only"),
        ("- story: a\n  steps:\n  - user: '[x]{y}'\n", "stories.yml:4: the mark '[x]{y}' is not"),
        ("- story: a\n  steps:\n  - intent: b\n    entities: [{a: 1, b: 2}]\n",
         "stories.yml:5: an entity is written '- city: Oslo'"),
        ("- story: a\n  metadata: zh\n  steps: []\n", "metadata must be a mapping"),
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
