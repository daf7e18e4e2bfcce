"""Write stories in Rasa's YAML: the other way round than `story_file`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from assistant.stories import (
    ANY,
    ActionStep,
    BotStep,
    CheckpointStep,
    LoopStep,
    SlotStep,
    Step,
    UserStep,
)

from .marked_text import marked

CommentedStep = tuple[Step, str]


def story_entry(name: str, steps: Iterable[CommentedStep]) -> CommentedMap:
    """One entry of ``stories:``; a step's comment, where it has one, stands at its line."""
    written = CommentedSeq()
    for step, comment in steps:
        entry = CommentedMap(step_entry(step))
        if comment:
            key = "intent" if "intent" in entry else next(iter(entry))
            entry.yaml_add_eol_comment(comment, key)
        written.append(entry)
    return CommentedMap({"story": name, "steps": written})


def stories_text(entries: Sequence[CommentedMap], *, nothing: str) -> str:
    """A whole file of stories; ``nothing`` is the comment of a file without any."""
    if not entries:
        return f'version: "3.1"\n# {nothing}\nstories: []\n'
    text = io.StringIO()
    yaml = YAML()
    yaml.allow_unicode, yaml.width = True, 4096
    yaml.dump(CommentedMap({"version": "3.1", "stories": CommentedSeq(entries)}), text)
    return text.getvalue()


def step_entry(step: Step) -> dict[str, Any]:
    """One step as it is written.

    Raises:
        TypeError: The step is an ``or``, which an unfolded story has not.
    """
    match step:
        case UserStep():
            return _user(step)
        case ActionStep(name=name):
            return {"action": name}
        case BotStep(text=text):
            return {"bot": text}
        case SlotStep(name=name, value=value):
            return {"slot_was_set": [name if value == ANY else {name: value}]}
        case LoopStep(name=name):
            return {"active_loop": name}
        case CheckpointStep(name=name):
            return {"checkpoint": name}
        case _:
            raise TypeError(f"an unfolded story has no {type(step).__name__}")


def _user(step: UserStep) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if step.text is not None:
        found["user"] = marked(step.text, step.spans)
    if step.intent is not None:
        found["intent"] = step.intent
    if step.entities and not (step.text is not None and step.spans):
        found["entities"] = [_entity(*each) for each in step.entities]
    return found


def _entity(name: str, value: Any, role: str | None, group: str | None) -> Any:  # noqa: ANN401
    if value == ANY:
        return name
    found = {name: value, "role": role, "group": group}
    return {key: each for key, each in found.items() if each is not None or key == name}
