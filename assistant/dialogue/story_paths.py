"""Unfold stories: checkpoints are joined, ``or`` becomes one copy for each choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.stories import CheckpointStep, OrStep, Step, Story

MOST_PATHS = 2000


def unfold(stories: Sequence[Story]) -> Iterator[tuple[Story, tuple[Step, ...]]]:
    """Yield every linear path through the stories, with the story it begins in.

    A story that begins with a checkpoint is only entered from stories that end with it. A path
    passes each story at most once, and at most `MOST_PATHS` paths are given.
    """
    linear = [(story, steps) for story in stories for steps in _choices(story.steps)]
    given = 0
    for story, steps in linear:
        if steps and isinstance(steps[0], CheckpointStep) and _is_entered(steps[0].name, linear):
            continue
        for path in _joined(steps, linear, frozenset({id(steps)})):
            yield story, path
            given += 1
            if given >= MOST_PATHS:
                return


def _is_entered(name: str, linear: Iterable[tuple[Story, tuple[Step, ...]]]) -> bool:
    return any(
        isinstance(steps[-1], CheckpointStep) and steps[-1].name == name
        for _, steps in linear
        if len(steps) > 1
    )


def _choices(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    paths: list[tuple[Step, ...]] = [()]
    for step in steps:
        options: Sequence[Step] = step.choices if isinstance(step, OrStep) else (step,)
        paths = [(*path, option) for path in paths for option in options][:MOST_PATHS]
    return paths


def _joined(
    steps: tuple[Step, ...],
    linear: Sequence[tuple[Story, tuple[Step, ...]]],
    passed: frozenset[int],
) -> Iterator[tuple[Step, ...]]:
    """Follow the checkpoint at the end of ``steps``; those inside only set slots."""
    own = tuple(s for step in steps for s in _without_checkpoint(step))
    last = steps[-1] if steps else None
    if not isinstance(last, CheckpointStep):
        yield own
        return
    followers = [
        other
        for _, other in linear
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
