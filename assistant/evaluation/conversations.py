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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStep:
    """One step of a test conversation, and what was not as expected, in words."""

    step: Step
    faults: tuple[str, ...] = ()


@dataclass(kw_only=True)
class PlayedStory:
    """One test conversation.

    Attributes:
        steps: What was played, in order; a listening only where it was not predicted.
        actions: (expected, predicted) for each action, listening included.
        intents: (expected, understood) for each user message with a text.
        entities: (expected, found) for each expected or found entity, ``"type=value"``.
        texts: The user's messages.
    """

    story: Story
    steps: list[PlayedStep] = field(default_factory=list)
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
        """What was not as expected, in words and in order."""
        return [fault for played in self.steps for fault in played.faults]


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
                await _expect(ActionStep(name=LISTEN), engine, tracker, result)
            _hear(bot, engine, tracker, step, turns, result)
            listens = False
        elif isinstance(step, (ActionStep, BotStep)):
            await _expect(step, engine, tracker, result)
            listens = action_of(step) == LISTEN
        else:
            _set(step, tracker)
            result.steps.append(PlayedStep(step=step))
    if not listens:
        await _expect(ActionStep(name=LISTEN), engine, tracker, result)
    return result


def action_of(step: ActionStep | BotStep) -> str:
    """The action that a step expects."""
    return step.name if isinstance(step, ActionStep) else f"say:{step.text}"


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
        result.steps.append(PlayedStep(step=step))
        return
    result.texts.append(turn.text)
    intents, entities = _intent_pairs(step, turn), _entity_pairs(step, turn)
    result.intents += intents
    result.entities += entities
    faults = (*_faults("intent", intents), *_faults("entity", entities))
    result.steps.append(PlayedStep(step=step, faults=faults))
    message = UserSaid(
        text=turn.text, parse_data=parse_result(turn), metadata={"language": turn.language}
    )
    strength = turn.sentiment.strength if turn.sentiment else None
    engine.hear(tracker, message, mood_events(bot, tracker, strength))


def _intent_pairs(step: UserStep, turn: Turn) -> list[Pair]:
    if step.intent is None:
        return []
    full = full_intent(turn) if "/" in step.intent else None
    return [(step.intent, full or (turn.intent.name if turn.intent else "none"))]


def _entity_pairs(step: UserStep, turn: Turn) -> list[Pair]:
    expected = sorted({f"{entity}={value}" for entity, value, *_ in step.entities if value != ANY})
    found = sorted({f"{each.entity}={each.value}" for each in turn.entities})
    kept = [(name, name if name in found else "none") for name in expected]
    return [*kept, *(("none", name) for name in found if name not in expected)]


def _faults(kind: str, pairs: Sequence[Pair]) -> list[str]:
    return [f"{kind}: expected {a}, got {b}" for a, b in pairs if a != b]


async def _expect(
    step: ActionStep | BotStep, engine: Engine, tracker: Tracker, result: PlayedStory
) -> None:
    """Compare the next action with the expected one, then go on with the expected one."""
    name = action_of(step)
    prediction = engine.predict(tracker)
    if prediction.action == tracker.loop and name != tracker.loop:
        # The form may have refused the message: ask what comes then.
        tracker.apply(ActionRejected(name=prediction.action))
        prediction = engine.predict(tracker)
    pair = (name, prediction.action)
    result.actions.append(pair)
    if name != LISTEN or prediction.action != LISTEN:
        result.steps.append(PlayedStep(step=step, faults=tuple(_faults("action", [pair]))))
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
