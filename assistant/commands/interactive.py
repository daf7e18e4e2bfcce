"""``trilogue interactive``: correct the bot in a conversation; corrections go into its files."""

from __future__ import annotations

import logging
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import BotFolder, EngineName, EngineOption, ModelPath, models_of

if TYPE_CHECKING:
    from assistant.interactive.lesson import Lesson


class Part(str, Enum):
    """What can be taught alone."""

    core = "core"


def interactive(
    part: Annotated[
        Part | None, typer.Argument(help="core: every message counts as understood.")
    ] = None,
    bot: BotFolder = Path(),
    model: ModelPath = None,
    e2e: Annotated[
        bool, typer.Option("--e2e", help="Save test conversations: tests/test_stories.yml.")
    ] = False,
    skip_visualization: Annotated[
        bool, typer.Option("--skip-visualization", help="Do not draw graph.html at the end.")
    ] = False,
    engine: EngineOption = EngineName.int8,
) -> None:
    """Talk to the bot and correct it: the right intent, the right entities, the right action.

    What you taught is added to nlu.yml, stories.yml and domain.yml; nothing there is changed.
    Then train again. In a script, answers are read line by line.

    Example: [bold]trilogue interactive[/bold]
    """
    from assistant.assembly import build_engine, load_model
    from assistant.bot import load_bot
    from assistant.interactive.lesson import Lesson

    from .prompters import prompter

    logging.getLogger().setLevel(logging.ERROR)
    files = load_bot(bot)
    loaded = load_model(models_of(bot, model), engine=engine.value)
    lesson = Lesson(
        loaded.bot,
        build_engine(loaded.bot),
        lambda text: loaded.reading.process([text])[0],
        prompter(),
    )
    lesson.understands = part is not Part.core
    if not lesson.run() or not lesson.stories:
        typer.echo("Nothing was saved.")
        return
    _save(lesson, bot, end_to_end=e2e)
    if not skip_visualization and files.stories:
        from .visualize import visualize

        visualize(bot=bot, out=bot / "graph.html")


def _save(lesson: Lesson, bot: Path, *, end_to_end: bool) -> None:
    from assistant.bot import load_bot
    from assistant.interactive.saving import Targets, save, usual_targets

    files = load_bot(bot, validate=False)
    usual = usual_targets(files, end_to_end=end_to_end)
    ask = lesson.prompter.text
    try:
        targets = Targets(
            stories=Path(ask("Stories go to:", str(usual.stories))),
            nlu=Path(ask("Examples go to:", str(usual.nlu))),
            domain=Path(ask("What is new in the domain goes to:", str(usual.domain))),
        )
    except EOFError:
        targets = usual
    first = 1 + sum(story.name.startswith("interactive_story_") for story in files.stories)
    stories = [(f"interactive_story_{first + i}", steps) for i, steps in enumerate(lesson.stories)]
    changed = save(
        targets, stories=stories, examples=lesson.examples, news=lesson.news, bot=files,
        end_to_end=end_to_end,
    )  # fmt: skip
    for path in changed:
        typer.echo(f"Added to {path}")
    typer.echo("Next:  trilogue train")
