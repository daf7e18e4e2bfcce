"""Unfold stories: checkpoints are joined, ``or`` becomes one copy for each choice."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from assistant.stories import CheckpointStep, OrStep, Step, Story

MOST_PATHS = 2000
log = logging.getLogger(__name__)


def unfold(stories: Sequence[Story]) -> Iterator[tuple[Story, tuple[Step, ...]]]:
    """Yield every linear path through the stories, with the story it begins in.

    A story that begins with a checkpoint is only entered from stories that end with it. A path
    passes each story at most once, and at most `MOST_PATHS` paths begin in one story: where there
    are more, the log says so.
    """
    chosen = [list(_choices(story)) for story in stories]
    linear = [steps for own in chosen for steps in own]
    entered = {
        steps[-1].name
        for steps in linear
        if len(steps) > 1 and isinstance(steps[-1], CheckpointStep)
    }
    for story, own in zip(stories, chosen, strict=True):
        paths = (
            path
            for steps in own
            if not (steps and isinstance(steps[0], CheckpointStep) and steps[0].name in entered)
            for path in _joined(steps, linear, frozenset({id(steps)}))
        )
        for path in islice(paths, MOST_PATHS):
            yield story, path
        if next(paths, None) is not None:
            _tell_of_more(story.name, story.where)


def _choices(story: Story) -> Iterator[tuple[Step, ...]]:
    options = [step.choices if isinstance(step, OrStep) else (step,) for step in story.steps]
    paths = product(*options)
    yield from islice(paths, MOST_PATHS)
    if next(paths, None) is not None:
        _tell_of_more(story.name, story.where)


@lru_cache(maxsize=1000)  # stories are unfolded for each policy: say it once
def _tell_of_more(story: str, where: str) -> None:
    log.warning(
        "%s: more than %d paths lead through the story %r; the rest are left out. Use fewer "
        "'or' and checkpoints in it, or make it several stories.",
        where, MOST_PATHS, story,
    )  # fmt: skip


def _joined(
    steps: tuple[Step, ...], linear: Sequence[tuple[Step, ...]], passed: frozenset[int]
) -> Iterator[tuple[Step, ...]]:
    """Follow the checkpoint at the end of ``steps``; those inside only set slots."""
    own = tuple(s for step in steps for s in _without_checkpoint(step))
    last = steps[-1] if steps else None
    if not isinstance(last, CheckpointStep):
        yield own
        return
    followers = [
        other
        for other in linear
        if other and isinstance(other[0], CheckpointStep)
        and other[0].name == last.name and id(other) not in passed
    ]  # fmt: skip
    if not followers:
        yield own
    for other in followers:
        for rest in _joined(other, linear, passed | {id(other)}):
            yield (*own, *rest)


def _without_checkpoint(step: Step) -> Sequence[Step]:
    return step.slots if isinstance(step, CheckpointStep) else (step,)
