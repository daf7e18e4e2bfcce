"""An interactive lesson: a person talks to the bot and corrects it, step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from assistant.agent import clean_message
from assistant.bot import Bot
from assistant.dialogue.engine import Engine
from assistant.dialogue.tracker import LISTEN
from assistant.domain import Variation
from assistant.errors import ActionError, RejectedMessage
from assistant.fallback import FALLBACK
from assistant.messages import Reply, Turn
from assistant.stories import Step
from assistant.training_data import Example

from .prompter import Prompter
from .questions import News, right_action, right_labels, taken_labels
from .talk import Talk

MENU = (
    "Go on",
    "Undo the last message",
    "Fork: go back to an earlier message, and keep this story",
    "Start anew, and keep this story",
    "Start anew, and forget this story",
    "Show the story so far",
    "Save and quit",
    "Quit without saving",
)
MOST_ACTIONS = 10
Result = TypeVar("Result")


class Lesson:
    """What was taught so far, and the conversation that goes on.

    Args:
        bot: The bot's files.
        engine: Its dialogue engine.
        read: Understands a message.
        prompter: Whom to ask.

    Attributes:
        talk: The conversation.
        stories: The steps of those that were kept.
        examples: The messages of those that were kept.
        news: What the domain does not know yet.
        understands: Whether its understanding is asked about too; else it counts as right.
    """

    def __init__(
        self, bot: Bot, engine: Engine, read: Callable[[str], Turn], prompter: Prompter
    ) -> None:
        self.bot = bot
        self.engine = engine
        self.read = read
        self.prompter = prompter
        self.talk = Talk(engine)
        self.stories: list[list[Step]] = []
        self.examples: list[Example] = []
        self.news = News()
        self.understands = True
        self._loop = asyncio.new_event_loop()

    def run(self) -> bool:
        """Talk until the person has enough; returns whether it is to be saved."""
        self.prompter.say("Talk to the bot. An empty line, or Ctrl+C, opens the menu.")
        try:
            while True:
                try:
                    line = self.prompter.text("You:").strip()
                    if line:
                        self._turn(line)
                        continue
                except KeyboardInterrupt:
                    self.prompter.say("")
                    self._give_up_turn()
                chosen = self._menu()
                if chosen is not None:
                    return chosen
        except EOFError:
            self._keep()
            return True
        finally:
            self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(work)

    def _turn(self, line: str) -> None:
        try:
            turn = self.read(clean_message(line))
        except RejectedMessage as error:
            self.prompter.say(str(error))
            return
        labels = right_labels if self.understands else taken_labels
        intent, spans = labels(self.prompter, turn, self.bot, self.news)
        self.talk.hear(turn, intent, spans)
        try:
            self._show(self._wait(self.talk.fill_slots()))
        except ActionError as error:
            self.prompter.say(str(error))
        for _ in range(MOST_ACTIONS):
            if self._step() == LISTEN:
                return
        self.prompter.say(f"{MOST_ACTIONS} actions in one turn; the bot listens again.")

    def _step(self) -> str:
        """Let the bot do one thing; returns its name."""
        prediction = self.talk.predict()
        action = right_action(self.prompter, prediction, self.bot, self.news)
        if action in self.news.responses and action not in self.bot.domain.responses:
            wording = Variation(text=self.news.responses[action])
            self.bot.domain.responses[action] = (wording,)
        before = dict(self.talk.tracker.slots)
        replies, fault = self._wait(self.talk.take(action, prediction))
        self._show(replies)
        if fault is not None:
            self.prompter.say(f"{fault} It counts as done.")
        now = self.talk.tracker.slots
        changed = {name: value for name, value in now.items() if before.get(name) != value}
        for name, value in changed.items():
            self.prompter.say(f"  {name} = {value}")
        return action

    def _show(self, replies: Sequence[Reply]) -> None:
        for reply in replies:
            self.prompter.say(f"Bot: {reply.text}")
            for button in (*reply.buttons, *reply.quick_replies):
                self.prompter.say(f"  - {button.title} ({button.payload})")

    def _give_up_turn(self) -> None:
        """Take back a turn that was broken off before the bot listened again."""
        if self.talk.turns and self.talk.tracker.last_action != LISTEN:
            self.talk.go_back_to(len(self.talk.turns) - 1)

    def _menu(self) -> bool | None:
        chosen = self.prompter.choose("What next?", MENU)
        if chosen == 1 and self.talk.turns:
            self.talk.go_back_to(len(self.talk.turns) - 1)
        elif chosen == 2 and self.talk.turns:
            self._fork()
        elif chosen in (3, 4):
            if chosen == 3:
                self._keep()
            self.talk = Talk(self.engine)
        elif chosen == 5:
            self._tell()
        elif chosen == 6:
            self._keep()
            return True
        elif chosen == 7:
            return False
        return None

    def _fork(self) -> None:
        """Keep the story and go on from an earlier message of it."""
        self._keep()
        texts = [turn.events[0].as_json()["text"] for turn in self.talk.turns]
        chosen = self.prompter.choose("Go back to before which message?", texts)
        self.talk.go_back_to(chosen)

    def _keep(self) -> None:
        steps = self.talk.steps()
        if steps and steps not in self.stories:
            self.stories.append(steps)
        self.examples += [
            each
            for each in self.talk.examples()
            if each.intent != FALLBACK and each not in self.examples
        ]

    def _tell(self) -> None:
        from assistant.files.story_writer import stories_text, story_entry

        entry = story_entry("so far", [(step, "") for step in self.talk.steps()])
        self.prompter.say(stories_text([entry], nothing=""))
