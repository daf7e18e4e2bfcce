"""The questions that correct a bot: the right intent and entities, the right next action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.bot import Bot
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.tracker import LISTEN
from assistant.domain import DEFAULT_ACTIONS
from assistant.files.entity_syntax import EntitySyntaxError, parse_marked
from assistant.files.marked_text import marked
from assistant.messages import Turn
from assistant.training_data import EntitySpan

from .labels import spans_of
from .prompter import Prompter

NEW_INTENT, NEW_ACTION = "<a new intent>", "<a new action>"
Labels = tuple[str, tuple[EntitySpan, ...]]


@dataclass(kw_only=True)
class News:
    """What a person named that the domain does not know: for the domain file."""

    intents: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    responses: dict[str, str] = field(default_factory=dict)

    def note_entities(self, spans: Sequence[EntitySpan], bot: Bot) -> None:
        """Note the entity types that are new."""
        for span in spans:
            if span.entity not in bot.domain.entities and span.entity not in self.entities:
                self.entities.append(span.entity)


def right_labels(prompter: Prompter, turn: Turn, bot: Bot, news: News) -> Labels:
    """Ask whether a message was understood, and what it should have been understood as."""
    guess = _full(turn)
    spans = spans_of(turn)
    if turn.literal:
        return guess, spans
    shown = marked(turn.text, spans)
    sure = turn.intent.confidence if turn.intent else 0.0
    if prompter.confirm(f"Understood {guess} ({sure:.2f}): {shown}   Right?"):
        return guess, spans
    intent = _right_intent(prompter, turn, bot, news)
    spans = _right_entities(prompter, shown)
    news.note_entities(spans, bot)
    return intent, spans


def taken_labels(_prompter: Prompter, turn: Turn, _bot: Bot, _news: News) -> Labels:
    """Take what was understood for right."""
    return _full(turn), spans_of(turn)


def _full(turn: Turn) -> str:
    if turn.intent is None:
        return "nlu_fallback"
    keys = turn.retrieval.get(turn.intent.name)
    return keys[0].name if keys else turn.intent.name


def _right_intent(prompter: Prompter, turn: Turn, bot: Bot, news: News) -> str:
    ranked = [
        key
        for guess in turn.intents
        for key in ([each.name for each in turn.retrieval.get(guess.name, ())] or [guess.name])
    ]
    known = list(dict.fromkeys([*ranked, *bot.intents, *news.intents]))
    chosen = prompter.choose("What is its intent?", [*known, NEW_INTENT])
    if chosen < len(known):
        return known[chosen]
    name = _name(prompter, "The new intent's name, e.g. ask_price:")
    if name not in bot.intents and name not in news.intents:
        news.intents.append(name)
    return name


def _right_entities(prompter: Prompter, shown: str) -> tuple[EntitySpan, ...]:
    try:
        before = parse_marked(shown)[0]
    except EntitySyntaxError as error:  # brackets of the message's own look like a mark
        prompter.say(f"{error}.")
        return ()
    while True:
        line = prompter.text("Mark its entities as [Oslo](city):", shown)
        try:
            text, spans = parse_marked(line)
        except EntitySyntaxError as error:
            prompter.say(f"{error}.")
            continue
        if text == before:
            return spans
        prompter.say(f"Only marks may be added or taken away; the message is: {before}")


def right_action(prompter: Prompter, prediction: Prediction, bot: Bot, news: News) -> str:
    """Ask whether the bot may do what it wants to do, and what it should do instead."""
    wish = f"{prediction.action} ({prediction.policy}, {prediction.confidence:.2f})"
    if prompter.confirm(f"The bot wants to do {wish}   Right?"):
        return prediction.action
    domain = bot.domain
    known = list(
        dict.fromkeys(
            [LISTEN, *domain.responses, *domain.forms, *domain.actions, *news.actions,
             *DEFAULT_ACTIONS]
        )
    )  # fmt: skip
    chosen = prompter.choose("What should it do?", [*known, NEW_ACTION])
    return known[chosen] if chosen < len(known) else _new_action(prompter, news)


def _new_action(prompter: Prompter, news: News) -> str:
    name = _name(prompter, "The new action's name, e.g. utter_price or action_price:")
    if name.startswith("utter_"):
        text = ""
        while not text:
            text = prompter.text(f"What does the bot say in {name}?").strip()
        news.responses[name] = text
    elif name not in news.actions:
        news.actions.append(name)
    return name


def _name(prompter: Prompter, question: str) -> str:
    while True:
        name = prompter.text(question).strip()
        if name and not any(each.isspace() or each in "[]{}:#,'\"" for each in name):
            return name
        prompter.say("A name is one word without brackets, colons or quotes.")
