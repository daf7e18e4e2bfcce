"""Play test conversations and count, as Rasa does, action by action.

After a wrong prediction, or a misread message, a conversation goes on with what the story says.
A bot whose actions live on an action server is played by its stories alone: nothing is executed,
and ``slot_was_set`` and ``active_loop`` steps stand for what actions do. A bot with Python
actions of its own is played live: they and the forms that they check are run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.bot import Bot
from assistant.dialogue.action_runner import done
from assistant.dialogue.engine import Engine, mood_events, said
from assistant.dialogue.events import ActionRejected, Event, LoopActive, SlotSet
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.slot_filling import slots_of_entities
from assistant.dialogue.story_events import action_name, named_value
from assistant.dialogue.story_paths import unfold
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.messages import Turn
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

from .classification import Pair
from .gold import entity_pairs, intent_pairs, true_message

Read = Callable[[Sequence[str]], list[Turn]]
UNLIKELY = "action_unlikely_intent"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStep:
    """One step of a test conversation, and what was not as expected, in words."""

    step: Step
    faults: tuple[str, ...] = ()
    warning: str | None = None


@dataclass(kw_only=True)
class PlayedStory:
    """One test conversation.

    Attributes:
        steps: What was played, in order; a listening only where it was not predicted.
        actions: (expected, predicted) for each action, listening included.
        policies: Who predicted each of them.
        intents: (expected, understood) for each user message with a text.
        entities: (expected, found) for each expected or found entity, ``"type=value"``.
        texts: The user's messages.
    """

    story: Story
    steps: list[PlayedStep] = field(default_factory=list)
    actions: list[Pair] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    intents: list[Pair] = field(default_factory=list)
    entities: list[Pair] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        every = [*self.actions, *self.intents, *self.entities]
        return all(expected == actual for expected, actual in every)

    @property
    def warned(self) -> bool:
        """Whether it passed though a message was taken for unlikely."""
        return self.passed and any(played.warning for played in self.steps)

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
    *,
    most: int | None = None,
) -> list[PlayedStory]:
    """Play test conversations.

    Args:
        bot: The bot.
        engine: Its dialogue engine.
        stories: The conversations.
        read: Understands messages; without it each message counts as understood.
        tick: Told how many are played.
        most: Only so many of the conversations.
    """
    paths = list(unfold(stories))[:most]
    turns = _read_all(paths, read)
    played = []
    for i, (story, steps) in enumerate(paths):
        played.append(await _Play(bot, engine, story, turns).through(steps))
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


class _Play:
    """One conversation while it is played."""

    def __init__(self, bot: Bot, engine: Engine, story: Story, turns: dict[str, Turn]) -> None:
        self.bot = bot
        self.engine = engine
        self.turns = turns
        self.result = PlayedStory(story=story)
        self.tracker = Tracker(story.name, bot.domain)
        book = engine.runner.book
        self.is_live = bool(book.actions or book.checks)

    async def through(self, steps: Sequence[Step]) -> PlayedStory:
        self._happen([done(LISTEN, "", 1.0, hidden=False)])
        listens = True
        for step in steps:
            if isinstance(step, UserStep):
                if not listens:
                    await self._expect(ActionStep(name=LISTEN))
                await self._hear(step)
                listens = False
            elif isinstance(step, (ActionStep, BotStep)):
                await self._expect(step)
                listens = action_name(step) == LISTEN
            else:
                self._set(step)
        if not listens:
            await self._expect(ActionStep(name=LISTEN))
        return self.result

    def _happen(self, events: Sequence[Event]) -> None:
        for event in events:
            self.tracker.apply(event)

    async def _hear(self, step: UserStep) -> None:
        turn = self.turns.get(step.text or "")
        if turn is None:
            self.result.steps.append(PlayedStep(step=step))
        else:
            self._compare(step, turn)
        message = true_message(step, turn)
        if self.is_live:
            strength = turn.sentiment.strength if turn and turn.sentiment else None
            moods = mood_events(self.bot, self.tracker, strength)
            self.engine.hear(self.tracker, message, moods)
            outcome = await self.engine.runner.slots_by_actions(self.tracker)
            self._happen([*map(said, outcome.replies), *outcome.events])
        else:
            self._happen([message, *slots_of_entities(step.entities, self.bot.domain)])

    def _compare(self, step: UserStep, turn: Turn) -> None:
        intents, entities = intent_pairs(step, turn), entity_pairs(step, turn)
        self.result.texts.append(turn.text)
        self.result.intents += intents
        self.result.entities += entities
        faults = (*_faults("intent", intents), *_faults("entity", entities))
        self.result.steps.append(PlayedStep(step=step, faults=faults))

    async def _expect(self, step: ActionStep | BotStep) -> None:
        """Compare the next action with the expected one, then go on with the expected one."""
        name, warning = action_name(step), None
        prediction = self._predict(name)
        if prediction.action == UNLIKELY != name:
            self._happen([done(UNLIKELY, prediction.policy, prediction.confidence, hidden=False)])
            warning = f"{UNLIKELY} came first"
            prediction = self._predict(name)
        pair = (name, self._named(prediction.action, name))
        self.result.actions.append(pair)
        self.result.policies.append(prediction.policy)
        if name != LISTEN or pair[1] != LISTEN:
            faults = tuple(_faults("action", [pair]))
            self.result.steps.append(PlayedStep(step=step, faults=faults, warning=warning))
        executed: Event = done(name, prediction.policy, 1.0, hidden=prediction.is_rule)
        if self.is_live and _runs_here(name, self.engine):
            outcome = await self.engine.runner.run(name, self.tracker)
            said_now = [] if outcome.rejected else [*map(said, outcome.replies), *outcome.events]
            self._happen([executed, *said_now])
        else:
            self._happen([executed])

    def _predict(self, expected: str) -> Prediction:
        """The next action; a form that is not expected may have refused the message."""
        prediction = self.engine.predict(self.tracker)
        if prediction.action == self.tracker.loop and expected != self.tracker.loop:
            self._happen([ActionRejected(name=prediction.action)])
            prediction = self.engine.predict(self.tracker)
        return prediction

    def _named(self, predicted: str, expected: str) -> str:
        """A retrieval action with its key, where the story expects it with a key."""
        if predicted == expected or not expected.startswith(f"{predicted}/"):
            return predicted
        latest = self.tracker.latest
        selector = (latest.parse_data.get("response_selector") if latest else None) or {}
        found = selector.get(predicted.removeprefix("utter_"))
        return str(found["response"]["utter_action"]) if found else predicted

    def _set(self, step: Step) -> None:
        self.result.steps.append(PlayedStep(step=step))
        if isinstance(step, SlotStep):
            value = named_value(step, self.bot.domain)
            if step.value != ANY or self.tracker.slots.get(step.name) is None:
                self._happen([SlotSet(name=step.name, value=value)])
        elif isinstance(step, LoopStep) and step.name != self.tracker.loop:
            self._happen([LoopActive(name=step.name)])


def _faults(kind: str, pairs: Sequence[Pair]) -> list[str]:
    return [f"{kind}: expected {a}, got {b}" for a, b in pairs if a != b]


def _runs_here(name: str, engine: Engine) -> bool:
    """Whether Python of the bot's own knows what an action does."""
    book, domain = engine.runner.book, engine.bot.domain
    if name in book.actions:
        return True
    if name in domain.forms:
        checks = any(form == name for form, _ in book.checks)
        validator = f"validate_{name}"
        return validator in book.actions or (checks and validator not in domain.actions)
    return name in {"action_restart", "action_back", "action_deactivate_loop"}
