"""Test the generator on dialogues that were kept out of its training."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.bot import Bot
from assistant.component import Generator, Tools
from assistant.errors import BotFileError, BotFilesError
from assistant.messages import Draft, Prompt, Utterance
from assistant.models import Reading
from assistant.stories import ActionStep, BotStep, Step, Story, UserStep

from .suite import Suite
from .text_scores import distinct, score, sentence_chrf

BATCH = 16
MOST_LINES = 12


def read_dialogues(path: Path, root: Path) -> list[list[str]]:
    """Read one ``{"turns": [user, bot, user, …]}`` per line.

    Raises:
        BotFilesError: Lines that are no dialogue, each with file and line.
    """
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    dialogues: list[list[str]] = []
    faults: list[BotFileError] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BotFileError(name, "is not UTF-8 text. Save the file as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            turns = json.loads(line)["turns"]
        except (ValueError, TypeError, KeyError):
            turns = None
        if not isinstance(turns, list) or not all(isinstance(each, str) for each in turns):
            what = 'a dialogue is written {"turns": ["user\'s text", "bot\'s text", …]}.'
            faults.append(BotFileError(f"{name}:{number}", what))
        else:
            dialogues.append(turns)
    if faults:
        raise BotFilesError(faults)
    return dialogues


def dialogues_of(stories: Sequence[Story], bot: Bot) -> list[list[str]]:
    """The test conversations as texts; a response counts with its first wording.

    A conversation ends here where the bot says nothing, or says twice in a row: the generator
    answers one line with one line.
    """
    found: list[list[str]] = []
    for story in stories:
        turns: list[str] = []
        for step in story.steps:
            users_turn = len(turns) % 2 == 0
            text = _text(step, bot)
            if isinstance(step, UserStep) != users_turn and text:
                break
            if text:
                turns.append(text)
        if len(turns) > 1:
            found.append(turns[: len(turns) // 2 * 2])
    return found


def _text(step: Step, bot: Bot) -> str | None:
    """What is said in a step; ``None`` for what is only done."""
    if isinstance(step, (UserStep, BotStep)):
        return step.text
    if isinstance(step, ActionStep):
        wordings = bot.domain.responses.get(step.name, ())
        text = wordings[0].text if wordings else ""
        return text if text and "{" not in text else None
    return None


def run_dialogues(
    generator: Generator,
    reading: Reading,
    dialogues: Sequence[Sequence[str]],
    tools: Tools,
    *,
    of: str = "the dialogues",
) -> Suite:
    """Let the generator answer each user line of each dialogue, with the true lines before it.

    BLEU, chrF and distinct-n are those of the replies that it wrote; where it wrote none, a
    template would have answered, and ``templates`` is the share of those. ``of`` says in words
    where the dialogues come from.
    """
    suite = Suite(name="generation")
    asked = [pair for turns in dialogues for pair in _questions(turns, reading)]
    if not asked:
        suite.notes.append("The dialogues hold no reply of the bot to test.")
        return suite
    drafts: list[Draft] = []
    for start in range(0, len(asked), BATCH):
        tools.tick("replies", start, len(asked))
        drafts += generator.write([prompt for prompt, _ in asked[start : start + BATCH]])
    tools.tick("replies", len(asked), len(asked))
    report = _report(asked, drafts, reading.languages[0])
    suite.reports["generation_report.json"] = report
    suite.numbers = {
        key: report[key]
        for key in ("generation_bleu", "generation_chrf", "distinct_1", "distinct_2", "confidence",
                    "templates")
        if key in report
    }  # fmt: skip
    suite.notes.append(
        f"{report['replies']} replies of {len(dialogues)} dialogues of {of}; "
        f"{report['replies'] - report['written']} left to a template."
    )
    return suite


def _questions(turns: Sequence[str], reading: Reading) -> list[tuple[Prompt, str]]:
    """Each user line with what came before it, and the true reply."""
    read = iter(reading.process(turns[::2]))
    lines: list[Utterance] = []
    asked: list[tuple[Prompt, str]] = []
    for i, text in enumerate(turns):
        if i % 2:
            asked.append((Prompt(history=tuple(lines[-MOST_LINES:])), text))
            lines.append(Utterance("bot", text))
        else:
            turn = next(read)
            intent = turn.intent.name if turn.intent else None
            feeling = turn.sentiment.label if turn.sentiment else None
            lines.append(Utterance("user", turn.pivot or text, intent, feeling))
    return asked


def _report(
    asked: Sequence[tuple[Prompt, str]], drafts: Sequence[Draft], language: str
) -> dict[str, Any]:
    replies = list(zip(asked, drafts, strict=True))
    written = [(draft.text, true) for (_, true), draft in replies if draft.text]
    report: dict[str, Any] = {
        "replies": len(replies),
        "written": len(written),
        "templates": 1.0 - len(written) / len(replies),
        "confidence": sum(draft.confidence for draft in drafts) / len(drafts),
    }
    if written:
        texts, references = zip(*written, strict=True)
        scored = score(texts, references, language)
        report |= {
            f"generation_{key}" if "signature" not in key else key: value
            for key, value in asdict(scored).items()
        }
        report["distinct_1"] = distinct(texts, 1, language)
        report["distinct_2"] = distinct(texts, 2, language)
    report["examples"] = [
        {
            "history": [f"{line.speaker}: {line.text}" for line in prompt.history],
            "reference": true,
            "reply": draft.text,
            "confidence": round(draft.confidence, 4),
            "chrf": round(sentence_chrf(draft.text, true), 1),
        }
        for (prompt, true), draft in replies
    ]
    return report
