"""Splitting stories: the part to test with shows nothing that is in it alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteBot

from assistant.splitting import split_stories

STORIES = "stories:\n" + "".join(
    f"- story: plain {i}\n  steps: [{{intent: greet}}, {{action: utter_a}}]\n" for i in range(8)
)
ALONE = "- story: alone\n  steps: [{intent: rare}, {action: utter_a}]\n"
JOINT = "- story: joint\n  steps: [{intent: greet}, {action: utter_a}, {checkpoint: c}]\n"
CHOICE = "- story: choice\n  steps:\n  - or: [{intent: greet}, {intent: other}]\n"
RULES = "rules:\n- rule: r\n  steps: [{intent: greet}, {action: utter_a}]\n"


def names(entries: list[dict[str, object]]) -> set[object]:
    return {entry["story"] for entry in entries}


@pytest.mark.parametrize("seed", range(10))
def test_stories_that_only_train_can_show_stay_there(seed: int, write_bot: WriteBot) -> None:
    root = write_bot(data__a=STORIES + ALONE + JOINT + CHOICE, data__b=RULES)

    parts = split_stories(sorted(root.rglob("*.yml")), root, fraction=0.5, seed=seed)

    assert len(parts.train) + len(parts.test) == 11
    assert len(parts.test) in {5, 6}
    assert {"alone", "joint", "choice"} <= names(parts.train)
    assert all(str(name).startswith("plain") for name in names(parts.test))


def test_stories_are_kept_as_they_are_written(write_bot: WriteBot) -> None:
    text = STORIES + "- story: long\n  metadata: {by: me}\n  steps:\n  - user: '[x](city)'\n"
    root = write_bot(data__a=text + "    intent: greet\n  - slot_was_set: [{city: x}]\n")

    parts = split_stories([root / "data" / "a.yml"], root, fraction=0.5, seed=3)

    (long,) = [each for each in [*parts.train, *parts.test] if each["story"] == "long"]
    assert long["metadata"] == {"by": "me"}
    assert long["steps"] == [
        {"user": "[x](city)", "intent": "greet"},
        {"slot_was_set": [{"city": "x"}]},
    ]


def test_a_folder_without_stories_gives_two_empty_parts(tmp_path: Path) -> None:
    parts = split_stories([], tmp_path)

    assert (parts.train, parts.test) == ([], [])
