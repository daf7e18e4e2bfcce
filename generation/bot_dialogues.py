"""Turn a bot's files into dialogues from which the generator learns to speak like that bot."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.bot import Bot
from assistant.errors import DataError
from assistant.messages import Utterance
from assistant.stories import ActionStep, BotStep, SlotStep, Step, UserStep
from assistant.training_data import Example

from .context import plain_turns
from .corpora import Dialogue
from .guards import Guard, split_sentences

COPIES = 6
"""Tellings of each story and rule, each with other wordings."""
_SLOT = re.compile(r"\{(\w+)\}")
_HAN = re.compile(r"[\u3400-\u9fff]")


def read_dialogues(path: Path) -> list[Dialogue]:
    """Read a file of dialogues: one ``{"turns": ["user", "bot", …]}`` per line, the user first.

    Raises:
        DataError: A line is not of this form, with file and line.
    """
    dialogues: list[Dialogue] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            turns = json.loads(line)["turns"]
        except (ValueError, KeyError, TypeError):
            turns = None
        if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
            raise DataError(
                f'{path}:{number}: a dialogue is {{"turns": ["…", "…"]}}, the user\'s line first.'
            )
        dialogues.append([Utterance("bot" if i % 2 else "user", t) for i, t in enumerate(turns)])
    return dialogues


def own_dialogues(bot: Bot) -> list[Dialogue]:
    """The dialogues of the bot's ``data/*.jsonl`` files."""
    files = sorted(bot.root.glob("data/*.jsonl"))
    return [dialogue for file in files for dialogue in read_dialogues(file)]


@dataclass
class _Telling:
    """What one telling of a story has said so far."""

    turns: Dialogue = field(default_factory=list)
    slots: dict[str, str] = field(default_factory=dict)


class StoryTeller:
    """Tells a bot's stories, rules and FAQ answers with the wordings of its examples."""

    def __init__(self, bot: Bot, *, seed: int = 7) -> None:
        self._bot = bot
        self._rng = random.Random(seed)
        examples = _in_language(bot.data.examples, bot.config.language)
        by_intent: dict[str, list[Example]] = defaultdict(list)
        for example in examples:
            by_intent[example.intent].append(example)
        self._held_out: dict[str, list[Example]] = {}
        self._kept: dict[str, list[Example]] = {}
        for intent, found in by_intent.items():
            self._rng.shuffle(found)
            cut = len(found) // 8
            self._held_out[intent], self._kept[intent] = found[:cut], found[cut:]

    def tell(self, *, held_out: bool = False, copies: int = COPIES) -> list[Dialogue]:
        """Tell everything.

        Args:
            held_out: Use only the eighth of each intent's examples that is set aside.
            copies: Tellings of each story, rule and answer.

        Returns:
            Dialogues that a user begins and in which no ``{slot}`` is left; those where the bot
            says nothing are left out.
        """
        examples = self._held_out if held_out else self._kept
        told: list[Dialogue] = []
        scripts: list[Sequence[Step]] = [
            (*story.steps[:1], *story.conditions, *story.steps[1:])
            for story in (*self._bot.stories, *self._bot.rules)
        ]
        scripts += [
            (UserStep(intent=intent), ActionStep(name=f"utter_{intent}"))
            for intent, found in examples.items()
            if "/" in intent and found and f"utter_{intent}" in self._bot.domain.responses
        ]
        told = [self._story(steps, examples) for _ in range(copies) for steps in scripts]
        return [turns for turns in told if len(turns) > 1]

    def _story(self, steps: Sequence[Step], examples: dict[str, list[Example]]) -> Dialogue:
        telling = _Telling()
        for step in steps:
            if isinstance(step, UserStep):
                if not self._user(step, telling, examples):
                    break
            elif isinstance(step, SlotStep) and isinstance(step.value, (str, int, float)):
                telling.slots[step.name] = str(step.value)
                self._mood(step, telling)
            elif isinstance(step, BotStep):
                telling.turns.append(Utterance("bot", step.text))
            elif isinstance(step, ActionStep) and (text := self._spoken(step.name, telling)):
                telling.turns.append(Utterance("bot", text))
        return within_guards(telling.turns)

    def _user(self, step: UserStep, telling: _Telling, examples: dict[str, list[Example]]) -> bool:
        """Add a user's line; false where no example has the intent."""
        if step.text:
            telling.turns.append(Utterance("user", step.text, step.intent))
            return True
        found = [e for name, many in examples.items() for e in many
                 if step.intent in {name, name.split("/")[0]}]  # fmt: skip
        if not found:
            return False
        example = self._rng.choice(found)
        telling.turns.append(Utterance("user", example.text, example.intent))
        telling.slots.update({span.entity: span.value for span in example.entities})
        return True

    def _mood(self, step: SlotStep, telling: _Telling) -> None:
        """Label the last user's line where a step sets the slot of the mood."""
        if step.name != self._bot.config.sentiment.slot or not telling.turns:
            return
        label = "negative" if str(step.value).startswith("upset") else "neutral"
        if telling.turns[-1].speaker == "user":
            telling.turns[-1] = replace(telling.turns[-1], sentiment=label)

    def _spoken(self, action: str, telling: _Telling) -> str:
        """One wording of a response, its slots filled; empty for an action that says nothing."""
        last = telling.turns[-1].intent if telling.turns else None
        names = (action, f"{action}/{last.split('/')[-1]}" if last and "/" in last else action)
        texts = [
            variation.text
            for name in names
            for variation in self._bot.domain.responses.get(name, ())
            if variation.text and variation.channel is None
        ]
        if not texts:
            return ""
        return _SLOT.sub(lambda m: self._value(m[1], telling), self._rng.choice(texts))

    def _value(self, slot: str, telling: _Telling) -> str:
        """What was said in this telling, else a neutral word: no number is made up."""
        if slot in telling.slots:
            return telling.slots[slot]
        words = [
            span.value
            for example in self._bot.data.examples
            for span in example.entities
            if span.entity == slot
        ]
        words = [word for word in words if word.isascii() and not re.search(r"[\d@]", word)]
        return self._rng.choice(words) if words else slot.replace("_", " ")


def within_guards(turns: Dialogue) -> Dialogue:
    """Leave out what the guards would cut, so that it is not taught.

    A bot's turn loses its sentences from the first that states a fact nobody mentioned or claims
    an act; where nothing is left the dialogue ends before that turn. It begins with a user's line
    and ends with a bot's.
    """
    kept: Dialogue = []
    for turn in plain_turns(turns):
        text = turn.text
        if turn.speaker == "bot":
            text = _allowed(text, kept) if kept else ""
            if kept and not text:
                break
        if text:
            kept.append(replace(turn, text=text))
    return kept[: len(kept) - len(kept) % 2]


def _allowed(text: str, history: Dialogue) -> str:
    guard = Guard(history)
    said = ""
    whole, rest = split_sentences(text)
    for sentence in (*whole, rest):
        if guard.fault(sentence, before=said):
            break
        said += sentence
    return said.strip()


def _in_language(examples: Sequence[Example], language: str) -> Iterator[Example]:
    """Leave out examples of other languages: by their metadata, else by their script."""
    han = language.split("-", maxsplit=1)[0] in {"zh", "ja"}
    for example in examples:
        tag = example.metadata.get("language")
        if tag == language or (tag is None and bool(_HAN.search(example.text)) == han):
            yield example
