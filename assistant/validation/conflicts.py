"""Stories that go on differently from the same state (Rasa's story structure conflicts)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from assistant.dialogue.events import ActionDone
from assistant.dialogue.states import State, StateBuilder
from assistant.dialogue.story_paths import unfold
from assistant.dialogue.tracker import LISTEN

from .finding import Findings
from .playing import play_story

if TYPE_CHECKING:
    from assistant.bot import Bot

Told = dict[str, dict[str, str]]
"""Action to the names of the stories that go on with it, each with the place."""


def check_conflicts(bot: Bot, found: Findings, *, max_history: int | None = None) -> None:
    """Note the states after which the stories disagree.

    Args:
        bot: The bot.
        found: Where conflicts are noted.
        max_history: How many states back two conversations must be alike; ``None`` for all.
    """
    after: dict[tuple[State, ...], Told] = defaultdict(dict)
    for story, steps in unfold(bot.stories):
        builder, states = StateBuilder(bot.domain), list[State]()
        for event, where in play_story(steps):
            if isinstance(event, ActionDone) and (states or event.name != LISTEN):
                states.append(builder.state())
                seen = tuple(states if not max_history else states[-max_history:])
                after[seen].setdefault(event.name, {}).setdefault(story.name, where)
            builder.follow(event)
    for seen, told in after.items():
        if len(told) > 1 and _has_begun(seen[-1]):
            _note(seen[-1], told, found)


def _has_begun(state: State) -> bool:
    return state.previous != LISTEN or state.intent is not None


def _note(state: State, told: Told, found: Findings) -> None:
    (action, stories), *others = told.items()
    name, where = next(iter(stories.items()))
    for other, theirs in others:
        story, place = next(iter(theirs.items()))
        more = f" (and {len(theirs) - 1} more)" if len(theirs) > 1 else ""
        found.warning(
            "story-conflict", place,
            f"after {_last(state)}, the story {story!r}{more} goes on with {other!r} and the story "
            f"{name!r} ({where}) with {action!r}. Let something before it differ.",
        )  # fmt: skip


def _last(state: State) -> str:
    if state.previous != LISTEN:
        return f"the action {state.previous!r}"
    return f"the intent {state.intent!r}"
