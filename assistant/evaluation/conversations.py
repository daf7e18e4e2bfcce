"""Play test conversations and count, as Rasa does, action by action.

An action that can run here is run; a custom action whose server is not running is only noted,
and the story's own ``slot_was_set`` and ``active_loop`` steps stand for what it does. After a
wrong prediction the conversation goes on with what the story expects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.bot import Bot
from assistant.dialogue.action_runner import done
from assistant.dialogue.engine import Engine, mood_events, said
from assistant.dialogue.events import (
    ActionDone,
    ActionRejected,
    Event,
    LoopActive,
    SlotSet,
    UserSaid,
)
from assistant.dialogue.memory_policy import said as gold_message
from assistant.dialogue.story_paths import unfold
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.messages import Turn
from assistant.parse_result import full_intent, parse_result
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

Read = Callable[[Sequence[str]], list[Turn]]
Pair = tuple[str, str]


@dataclass(kw_only=True)
class PlayedStory:
    """One test conversation.

    Attributes:
        actions: (expected, predicted) for each action, listening included.
        intents: (expected, understood) for each user message with a text.
        entities: (expected, found) for each expected or found entity, ``"type=value"``.
        texts: The user's messages.
    """

    story: Story
    actions: list[Pair] = field(default_factory=list)
    intents: list[Pair] = field(default_factory=list)
    entities: list[Pair] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        every = [*self.actions, *self.intents, *self.entities]
        return all(expected == actual for expected, actual in every)

    @property
    def faults(self) -> list[str]:
        """What was not as expected, in words."""
        kinds = (("action", self.actions), ("intent", self.intents), ("entity", self.entities))
        return [
            f"{kind}: expected {expected}, got {actual}"
            for kind, pairs in kinds
            for expected, actual in pairs
            if expected != actual
        ]


async def play_stories(
    bot: Bot,
    engine: Engine,
    stories: Sequence[Story],
    read: Read | None,
    tick: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[PlayedStory]:
    """Play test conversations.

    Args:
        bot: The bot.
        engine: Its dialogue engine.
        stories: The conversations.
        read: Understands messages; without it each message counts as understood.
        tick: Told how many are played.
    """
    paths = list(unfold(stories))
    turns = _read_all(paths, read)
    played = []
    for i, (story, steps) in enumerate(paths):
        played.append(await _play(bot, engine, story, steps, turns))
        tick(i + 1, len(paths))
    return played


def _read_all(
    paths: Sequence[tuple[Story, tuple[Step, ...]]], read: Read | None
) -> dict[str, Turn]:
    """Understand all messages of all conversations in one batch."""
    if read is None:
        return {}
    texts = sorted(
        {s.text for _, steps in paths for s in steps if isinstance(s, UserStep) and s.text}
    )
    return dict(zip(texts, read(texts), strict=True))


async def _play(
    bot: Bot, engine: Engine, story: Story, steps: Sequence[Step], turns: dict[str, Turn]
) -> PlayedStory:
    result = PlayedStory(story=story)
    tracker = Tracker(story.name, bot.domain)
    tracker.apply(ActionDone(name=LISTEN))
    listens = True
    for step in steps:
        if isinstance(step, UserStep):
            if not listens:
                await _expect(LISTEN, engine, tracker, result)
            _hear(bot, engine, tracker, step, turns, result)
            listens = False
        elif isinstance(step, (ActionStep, BotStep)):
            name = step.name if isinstance(step, ActionStep) else f"say:{step.text}"
            await _expect(name, engine, tracker, result)
            listens = name == LISTEN
        else:
            _set(step, tracker)
    if not listens:
        await _expect(LISTEN, engine, tracker, result)
    return result


def _hear(
    bot: Bot,
    engine: Engine,
    tracker: Tracker,
    step: UserStep,
    turns: dict[str, Turn],
    result: PlayedStory,
) -> None:
    turn = turns.get(step.text or "")
    if turn is None:
        engine.hear(tracker, gold_message(step), [])
        return
    result.texts.append(turn.text)
    if step.intent is not None:
        wants_full = "/" in step.intent
        name = (full_intent(turn) if wants_full else None) or (
            turn.intent.name if turn.intent else "none"
        )
        result.intents.append((step.intent, name))
    expected = sorted({f"{entity}={value}" for entity, value, *_ in step.entities if value != ANY})
    found = sorted({f"{each.entity}={each.value}" for each in turn.entities})
    result.entities += [(name, name if name in found else "none") for name in expected]
    result.entities += [("none", name) for name in found if name not in expected]
    message = UserSaid(
        text=turn.text, parse_data=parse_result(turn), metadata={"language": turn.language}
    )
    strength = turn.sentiment.strength if turn.sentiment else None
    engine.hear(tracker, message, mood_events(bot, tracker, strength))


async def _expect(name: str, engine: Engine, tracker: Tracker, result: PlayedStory) -> None:
    """Compare the next action with the expected one, then go on with the expected one."""
    prediction = engine.predict(tracker)
    if prediction.action == tracker.loop and name != tracker.loop:
        # The form may have refused the message: ask what comes then.
        tracker.apply(ActionRejected(name=prediction.action))
        prediction = engine.predict(tracker)
    result.actions.append((name, prediction.action))
    events: list[Event] = [done(name, prediction.policy, 1.0, hidden=prediction.is_rule)]
    if _runs_here(name, engine):
        outcome = await engine.runner.run(name, tracker)
        if not outcome.rejected:
            events += [said(reply) for reply in outcome.replies]
            events += outcome.events
    for event in events:
        tracker.apply(event)


def _runs_here(name: str, engine: Engine) -> bool:
    """Whether an action's effect is known without a server."""
    book, domain = engine.runner.book, engine.bot.domain
    if name in book.actions:
        return True
    if name in domain.forms:
        checks = any(form == name for form, _ in book.checks)
        validator = f"validate_{name}"
        return validator in book.actions or (checks and validator not in domain.actions)
    return name in ("action_restart", "action_back", "action_deactivate_loop")


def _set(step: Step, tracker: Tracker) -> None:
    if isinstance(step, SlotStep):
        value = True if step.value == ANY else step.value
        if step.value != ANY or tracker.slots.get(step.name) is None:
            tracker.apply(SlotSet(name=step.name, value=value))
    elif isinstance(step, LoopStep) and step.name != tracker.loop:
        tracker.apply(LoopActive(name=step.name))
