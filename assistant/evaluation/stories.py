"""Test a bot's conversations and write what failed as Rasa does."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from assistant.bot import Bot
from assistant.component import Tools
from assistant.dialogue.engine import Engine
from assistant.domain import Domain
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

from .classification import Pair, classification_report
from .confusion_picture import confusion_picture
from .conversations import PlayedStory, Read, play_stories
from .suite import Suite


async def run_stories(
    bot: Bot, engine: Engine, stories: Sequence[Story], read: Read | None, tools: Tools
) -> Suite:
    """Play test conversations and report on them.

    Args:
        bot: The bot.
        engine: Its dialogue engine.
        stories: The conversations.
        read: Understands messages; without it each message counts as understood.
        tools: Told how it goes.
    """
    played = await play_stories(
        bot, engine, stories, read, lambda done, of: tools.tick("conversations", done, of)
    )
    return story_suite(played, bot)


def story_suite(played: Sequence[PlayedStory], bot: Bot) -> Suite:
    """Turn played conversations into a report and a file of the failed ones."""
    suite = Suite(name="core")
    if not played:
        suite.notes.append("No test conversations: write some in tests/test_stories.yml.")
        return suite
    pairs = [pair for story in played for pair in _pairs(story)]
    passed = sum(story.passed for story in played)
    report = classification_report(pairs, nothing="none")
    report["conversation_accuracy"] = {
        "accuracy": passed / len(played),
        "correct": passed,
        "with_warnings": 0,
        "total": len(played),
    }
    suite.reports["story_report.json"] = report
    suite.numbers["success"] = passed / len(played)
    suite.numbers |= _success_by_language(played, bot)
    acts = [pair for story in played for pair in story.actions]
    suite.numbers["action_accuracy"] = sum(a == b for a, b in acts) / max(len(acts), 1)
    suite.pictures["story_confusion_matrix.png"] = confusion_picture(pairs, "Conversations")
    failed = [story for story in played if not story.passed]
    suite.texts["failed_test_stories.yml"] = stories_yaml(failed)
    suite.reports["failed_conversations.json"] = [dialogue_of(story, bot) for story in failed]
    suite.notes.append(f"{passed} of {len(played)} conversations went as expected.")
    return suite


def _pairs(story: PlayedStory) -> list[Pair]:
    entities = [(a.split("=", 1)[0], b.split("=", 1)[0]) for a, b in story.entities]
    return [*story.actions, *story.intents, *entities]


def language_of(story: Story, bot: Bot) -> str:
    """A story's language: ``metadata: {language: zh}``, or ``_zh`` at its file's end."""
    named = story.metadata.get("language")
    if named:
        return str(named)
    stem = PurePath(story.where.rsplit(":", 1)[0]).stem
    last = stem.replace("-", "_").split("_")[-1]
    return last if last in bot.languages else bot.config.language


def _success_by_language(played: Iterable[PlayedStory], bot: Bot) -> dict[str, float]:
    results: dict[str, list[bool]] = {}
    for story in played:
        results.setdefault(language_of(story.story, bot), []).append(story.passed)
    return {f"success_{tag}": sum(each) / len(each) for tag, each in sorted(results.items())}


def dialogue_of(story: PlayedStory, bot: Bot) -> dict[str, Any]:
    """A played conversation as lines that a person reads."""
    lines = [
        {"speaker": speaker, "text": text, "name": name, "faults": list(played.faults)}
        for played in story.steps
        for speaker, text, name in [line_of(played.step, bot.domain)]
    ]
    return {
        "story": story.story.name,
        "where": story.story.where,
        "language": language_of(story.story, bot),
        "lines": lines,
    }


def line_of(step: Step, domain: Domain) -> tuple[str, str, str]:
    """Speaker, text and name of one step; the text of an action is its first wording."""
    match step:
        case UserStep(intent=intent, text=text):
            return "user", text or "", intent or ""
        case BotStep(text=text):
            return "bot", text, ""
        case ActionStep(name=name):
            wordings = domain.responses.get(name, ())
            return "bot", wordings[0].text if wordings else "", name
        case SlotStep(name=name, value=value):
            return "note", "", f"{name} = {'set' if value == ANY else value}"
        case LoopStep(name=name):
            return "note", "", f"form {name}" if name else "form closed"
        case _:
            return "note", "", ""


def stories_yaml(failed: Sequence[PlayedStory]) -> str:
    """The failed conversations as test stories, each difference as a comment at its line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    stories = CommentedSeq()
    for story in failed:
        steps = CommentedSeq()
        for played in story.steps:
            written = CommentedMap(_written(played.step))
            if played.faults:
                key = "intent" if "intent" in written else next(iter(written))
                written.yaml_add_eol_comment("; ".join(played.faults), key)
            steps.append(written)
        name = f"{story.story.name} ({story.story.where})"
        stories.append(CommentedMap({"story": name, "steps": steps}))
    if not stories:
        return 'version: "3.1"\n# None of the test conversations failed.\nstories: []\n'
    text = io.StringIO()
    yaml = YAML()
    yaml.allow_unicode, yaml.width = True, 4096
    yaml.dump(CommentedMap({"version": "3.1", "stories": stories}), text)
    return text.getvalue()


def _written(step: Step) -> dict[str, Any]:
    match step:
        case UserStep(intent=intent, text=text, entities=entities):
            found: dict[str, Any] = {}
            if text is not None:
                found["user"] = text
            if intent is not None:
                found["intent"] = intent
            if entities:
                found["entities"] = [_entity(*each) for each in entities]
            return found
        case ActionStep(name=name):
            return {"action": name}
        case BotStep(text=text):
            return {"bot": text}
        case SlotStep(name=name, value=value):
            return {"slot_was_set": [name if value == ANY else {name: value}]}
        case LoopStep(name=name):
            return {"active_loop": name}
        case _:
            raise TypeError(f"an unfolded story has no {type(step).__name__}")


def _entity(name: str, value: Any, role: str | None, group: str | None) -> Any:  # noqa: ANN401
    if value == ANY:
        return name
    found = {name: value, "role": role, "group": group}
    return {key: each for key, each in found.items() if each is not None or key == name}
