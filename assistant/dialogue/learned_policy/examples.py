"""What the learned policy learns from: the states before each action of the stories.

Stories are also glued together, since people come back to another matter (Rasa's data
augmentation): up to ten glued conversations for each unit of ``augmentation``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from assistant.dialogue.states import State, Unseen, moments
from assistant.dialogue.story_events import events_of
from assistant.dialogue.story_paths import unfold
from assistant.domain import Domain
from assistant.stories import LoopStep, Step, Story

GLUED_PER_UNIT = 10
LONGEST_GLUE = 3
Window = tuple[State, ...]


def examples_of(
    stories: Sequence[Story],
    domain: Domain,
    *,
    history: int,
    augmentation: int,
    seed: int,
    unseen: Unseen | None = None,
) -> list[tuple[Window, str]]:
    """Return each different window of states with the action that follows it.

    Args:
        stories: The bot's stories.
        domain: Its domain.
        history: Most states of a window.
        augmentation: How many conversations are glued together, in tens; 0 for none.
        seed: Chooses what is glued.
        unseen: Slots and loops of which only rules speak.
    """
    paths = [steps for _, steps in unfold(stories)]
    glued = _glued(paths, GLUED_PER_UNIT * augmentation, random.Random(seed))
    found: dict[tuple[Window, str], None] = {}
    for path in [*paths, *glued]:
        for states, action in moments(events_of(path, domain), domain):
            window = states[-history:]
            if unseen is not None:
                window = tuple(state.without(unseen) for state in window)
            found[window, action] = None
    return list(found)


def _glued(
    paths: Sequence[tuple[Step, ...]], count: int, chance: random.Random
) -> Iterator[tuple[Step, ...]]:
    """Yield conversations of two or three stories; one that ends inside a form ends them."""
    closed = [path for path in paths if not _ends_in_form(path)]
    if not closed:
        return
    for _ in range(count):
        parts = [chance.choice(closed) for _ in range(chance.randint(1, LONGEST_GLUE - 1))]
        yield tuple(step for part in [*parts, chance.choice(paths)] for step in part)


def _ends_in_form(path: Sequence[Step]) -> bool:
    last = next((step for step in reversed(path) if isinstance(step, LoopStep)), None)
    return last is not None and last.name is not None
