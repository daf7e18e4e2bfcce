"""How stories unfold into paths, and where that ends."""

from __future__ import annotations

import logging

import pytest

from assistant.dialogue.story_paths import MOST_PATHS, unfold
from assistant.stories import ActionStep, CheckpointStep, OrStep, Step, Story, UserStep

YES, NO = UserStep(intent="yes"), UserStep(intent="no")
DONE = ActionStep(name="utter_done")


def story(name: str, *steps: Step) -> Story:
    return Story(name=name, steps=steps, where=f"{name}.yml:1")


def test_no_story_is_left_out_however_many_there_are(caplog: pytest.LogCaptureFixture) -> None:
    stories = [story(f"s{number}", YES, DONE) for number in range(MOST_PATHS + 500)]

    assert [told.name for told, _ in unfold(stories)] == [each.name for each in stories]
    assert not caplog.records


def test_a_story_of_too_many_choices_is_cut_alone_and_named_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    either = OrStep(choices=(YES, NO))
    wide, last = story("wide", *[either] * 11), story("last", NO, DONE)

    with caplog.at_level(logging.WARNING):
        paths = list(unfold([wide, last]))
        list(unfold([wide, last]))

    assert len({steps for _, steps in paths}) == len(paths)
    assert len(paths) == MOST_PATHS + 1
    assert paths[-1] == (last, (NO, DONE))
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        f"wide.yml:1: more than {MOST_PATHS} paths lead through the story 'wide'"
    ]


def test_many_ways_over_a_checkpoint_are_cut_and_named(caplog: pytest.LogCaptureFixture) -> None:
    either, there = OrStep(choices=(YES, NO)), CheckpointStep(name="there")
    before = story("before", *[either] * 6, there)
    after = story("after", there, *[either] * 6, DONE)

    with caplog.at_level(logging.WARNING):
        paths = list(unfold([before, after]))

    assert {told.name for told, _ in paths} == {"before"}
    assert len(paths) == MOST_PATHS
    assert "'before'" in caplog.text
