"""Checkpoints that no story leads to, or that no story goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import nearest
from assistant.stories import CheckpointStep

from .finding import Findings

if TYPE_CHECKING:
    from assistant.bot import Bot


def check_checkpoints(bot: Bot, found: Findings) -> None:
    """Note the joints of stories that join nothing."""
    stories = [story for story in [*bot.stories, *bot.rules] if story.steps]
    begins = [s.steps[0] for s in stories if isinstance(s.steps[0], CheckpointStep)]
    ends = [
        s.steps[-1] for s in stories if len(s.steps) > 1 and isinstance(s.steps[-1], CheckpointStep)
    ]
    left = {step.name for step in ends}
    entered = {step.name for step in begins}
    for step in begins:
        if step.name not in left:
            found.warning(
                "checkpoint-never-reached", step.where,
                f"no story ends with the checkpoint {step.name!r}, so this one is never reached. "
                f"{nearest(step.name, left)}",
            )  # fmt: skip
    for step in ends:
        if step.name not in entered:
            found.warning(
                "checkpoint-never-used", step.where,
                f"no story begins with the checkpoint {step.name!r}. "
                f"{nearest(step.name, entered)}",
            )  # fmt: skip
