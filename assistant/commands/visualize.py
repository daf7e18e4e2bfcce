"""``trilogue visualize``: the stories as one graph page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder
from .rasa_flags import VISUALIZE, taking


@taking(VISUALIZE)
def visualize(
    bot: BotFolder = Path(),
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("graph.html"),
    max_history: Annotated[
        int, typer.Option(min=1, help="Steps that must agree for two stories to run together.")
    ] = 2,
    stories: Annotated[
        Path | None,
        typer.Option(
            "--stories", "-s", help="File or folder of stories", show_default="the bot's own"
        ),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Draw the rules too.")] = False,
) -> None:
    """Draw the stories as one graph: a page that opens without a network.

    Example: [bold]trilogue visualize --max-history 3 --out stories.html[/bold]
    """
    from assistant.bot import load_bot, read_test_stories
    from assistant.errors import BotFileError, DataError
    from assistant.visualization.graph_page import graph_page
    from assistant.visualization.story_graph import story_graph

    if stories is not None and not stories.exists():
        raise DataError(f"{stories}: no such file or folder of stories.")
    files = load_bot(bot, validate=False)
    drawn = files.stories if stories is None else read_test_stories(stories, bot)
    if rules:
        drawn = [*drawn, *files.rules]
    if not drawn:
        raise DataError(f"{bot.resolve().name} has no stories. Draw its rules: --rules")
    graph = story_graph(drawn, max_history=max_history)
    page = graph_page(graph, f"Stories of {bot.resolve().name}")
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BotFileError(str(out), f"cannot be written: {error.strerror}.") from error
    typer.echo(f"{len(graph.stories)} paths, {len(graph.nodes)} steps: {out}")
