"""Test a bot's conversations and write what passed and failed as Rasa does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from assistant.bot import Bot
from assistant.component import Tools
from assistant.dialogue.engine import Engine
from assistant.domain import Domain
from assistant.files.story_writer import stories_text, story_entry
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

from .classification import Pair, classification_report
from .confusion_picture import confusion_picture
from .conversations import PlayedStory, Read, play_stories
from .suite import Kept, Suite


async def run_stories(
    bot: Bot,
    engine: Engine,
    stories: Sequence[Story],
    read: Read | None,
    tools: Tools,
    *,
    most: int | None = None,
    kept: Kept | None = None,
) -> Suite:
    """Play test conversations and report on them.

    Args:
        bot: The bot.
        engine: Its dialogue engine.
        stories: The conversations.
        read: Understands messages; without it each message counts as understood.
        tools: Told how it goes.
        most: Only so many of the conversations.
        kept: Which files are written.
    """
    played = await play_stories(
        bot, engine, stories, read,
        lambda done, of: tools.tick("conversations", done, of), most=most,
    )  # fmt: skip
    suite = story_suite(played, bot, kept or Kept())
    if read is None:
        suite.notes.append("Messages counted as understood; --e2e reads them as well.")
    return suite


def story_suite(played: Sequence[PlayedStory], bot: Bot, kept: Kept) -> Suite:
    """Turn played conversations into a report and files of what failed and passed."""
    suite = Suite(name="core")
    if not played:
        suite.notes.append("No test conversations: write some in tests/test_stories.yml.")
        return suite
    pairs = [pair for story in played for pair in _pairs(story)]
    passed = [story for story in played if story.passed]
    failed = [story for story in played if not story.passed]
    warned = [story for story in played if story.warned]
    report = classification_report(pairs, nothing="none")
    report["conversation_accuracy"] = {
        "accuracy": len(passed) / len(played),
        "correct": len(passed),
        "with_warnings": len(warned),
        "total": len(played),
    }
    suite.reports["story_report.json"] = report
    suite.numbers["success"] = len(passed) / len(played)
    suite.numbers |= _success_by_language(played, bot)
    acts = [pair for story in played for pair in story.actions]
    suite.numbers["action_accuracy"] = sum(a == b for a, b in acts) / max(len(acts), 1)
    if kept.pictures:
        suite.pictures["story_confusion_matrix.png"] = confusion_picture(pairs, "Conversations")
    _keep_stories(suite, kept, passed, failed, warned)
    suite.reports["failed_conversations.json"] = [dialogue_of(story, bot) for story in failed]
    suite.notes.append(f"{len(passed)} of {len(played)} conversations went as expected.")
    suite.notes.append(_who_predicted(played))
    return suite


def _keep_stories(
    suite: Suite,
    kept: Kept,
    passed: Sequence[PlayedStory],
    failed: Sequence[PlayedStory],
    warned: Sequence[PlayedStory],
) -> None:
    if kept.errors:
        suite.texts["failed_test_stories.yml"] = stories_yaml(
            failed, nothing="None of the test conversations failed."
        )
    if kept.successes:
        suite.texts["successful_test_stories.yml"] = stories_yaml(
            passed, nothing="None of the test conversations passed."
        )
    if kept.warnings:
        suite.texts["stories_with_warnings.yml"] = stories_yaml(
            warned, nothing="No message of a test conversation was taken for unlikely."
        )


def _who_predicted(played: Sequence[PlayedStory]) -> str:
    counts = Counter(policy for story in played for policy in story.policies)
    total = max(sum(counts.values()), 1)
    shares = [f"{name} {100 * n / total:.0f} %" for name, n in counts.most_common()]
    return f"Predicted by {', '.join(shares)}."


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


def stories_yaml(played: Sequence[PlayedStory], *, nothing: str) -> str:
    """Conversations as test stories, each difference and warning as a comment at its line."""
    entries = [
        story_entry(
            f"{story.story.name} ({story.story.where})",
            [(each.step, "; ".join((*each.faults, each.warning or "")).strip("; "))
             for each in story.steps],
        )
        for story in played
    ]  # fmt: skip
    return stories_text(entries, nothing=nothing)
