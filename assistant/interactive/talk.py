"""One conversation in which a person corrects the bot, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.dialogue.action_runner import done
from assistant.dialogue.engine import Engine, said
from assistant.dialogue.events import ActionDone, ActionRejected, Event, LoopActive, SlotSet
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.errors import ActionError
from assistant.messages import Reply, Turn
from assistant.stories import ActionStep, LoopStep, SlotStep, Step, UserStep
from assistant.training_data import EntitySpan, Example

from .labels import labelled_message


@dataclass(kw_only=True)
class TaughtTurn:
    """One message as the person says it is to be understood, and what followed.

    Attributes:
        step: The message as it stands in a story.
        example: The message as an example; ``None`` for ``/intent``, which is no sentence.
        events: What happened, the message first.
    """

    step: UserStep
    example: Example | None
    events: list[Event] = field(default_factory=list)


class Talk:
    """A conversation that can be taken back.

    Args:
        engine: The bot's dialogue engine.
        name: The conversation's id.
    """

    def __init__(self, engine: Engine, name: str = "interactive") -> None:
        self.engine = engine
        self.name = name
        self.turns: list[TaughtTurn] = []
        self.tracker = self._replayed()

    def _replayed(self) -> Tracker:
        opening: list[Event] = [ActionDone(name=LISTEN)]
        events = [*opening, *(event for turn in self.turns for event in turn.events)]
        return Tracker(self.name, self.engine.bot.domain, events)

    def hear(self, turn: Turn, intent: str, spans: Sequence[EntitySpan]) -> None:
        """Take a message as it is to be understood."""
        message, step = labelled_message(turn, intent, spans)
        example = None
        if not turn.literal:
            example = Example(text=turn.text, intent=intent, entities=tuple(spans))
        taught = TaughtTurn(step=step, example=example)
        self.turns.append(taught)
        taught.events += self.engine.hear(self.tracker, message, [])

    async def fill_slots(self) -> Sequence[Reply]:
        """Let actions fill and check slots after a message; returns what they say.

        Raises:
            ActionError: One of them failed.
        """
        outcome = await self.engine.runner.slots_by_actions(self.tracker)
        self._happen([*(said(reply) for reply in outcome.replies), *outcome.events])
        return outcome.replies

    def predict(self) -> Prediction:
        """What the bot would do next."""
        return self.engine.predict(self.tracker)

    async def take(self, action: str, prediction: Prediction) -> tuple[Sequence[Reply], str | None]:
        """Do something, be it what was predicted or not.

        Returns:
            What the bot says; and why the action could not run, where it could not. It counts
            as done then, as in a test conversation.
        """
        hidden = prediction.is_rule and action == prediction.action
        executed = done(action, prediction.policy, 1.0, hidden=hidden)
        try:
            outcome = await self.engine.runner.run(action, self.tracker)
        except ActionError as error:
            self._happen([executed])
            return (), str(error)
        if outcome.rejected:
            self._happen([ActionRejected(name=action, policy=prediction.policy)])
            return (), None
        self._happen([executed, *(said(reply) for reply in outcome.replies), *outcome.events])
        return outcome.replies, None

    def _happen(self, events: Sequence[Event]) -> None:
        for event in events:
            self.tracker.apply(event)
        if self.turns:
            self.turns[-1].events += events

    def set_slot(self, name: str, value: object) -> None:
        """Give a slot a value, as an action that cannot run here would."""
        self._happen([SlotSet(name=name, value=value)])

    def go_back_to(self, turns: int) -> None:
        """Forget all but the first turns."""
        del self.turns[turns:]
        self.tracker = self._replayed()

    def steps(self) -> list[Step]:
        """The conversation as the steps of a story."""
        found: list[Step] = []
        for turn in self.turns:
            found.append(turn.step)
            for event in turn.events:
                found += _step_of(event)
        return found

    def examples(self) -> list[Example]:
        """The messages as examples."""
        return [turn.example for turn in self.turns if turn.example is not None]


def _step_of(event: Event) -> list[Step]:
    match event:
        case ActionDone(name=name) if name != LISTEN:
            return [ActionStep(name=name)]
        case SlotSet(name=name, value=value) if name != "requested_slot":
            return [SlotStep(name=name, value=value)]
        case LoopActive(name=name):
            return [LoopStep(name=name)]
        case _:
            return []
