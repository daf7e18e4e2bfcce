"""``trilogue evaluate markers``: count moments of stored conversations."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder
from .progress import progress
from .rasa_flags import MARKERS, taking
from .serving import StoreOption
from .verb import Verb, telling

group = typer.Typer(no_args_is_help=True, help="Count what happened in stored conversations.")
markers = typer.Typer(
    no_args_is_help=True,
    help="Find the moments that markers.yml describes.\n\n"
    "Example: [bold]trilogue evaluate markers all found.csv --config markers.yml[/bold]",
)
group.add_typer(markers, name="markers")

OutFile = Annotated[Path, typer.Argument(help="New CSV file, one row for each moment.")]
ConfigOption = Annotated[Path, typer.Option(help="File or folder of markers.")]
NoStats = Annotated[bool, typer.Option("--no-stats", help="Write no statistics.")]
StatsPrefix = Annotated[
    Path, typer.Option(help="How the names of the two files of statistics begin.")
]
Count = Annotated[int, typer.Argument(min=1, help="How many conversations.")]


@markers.command("all", cls=Verb)
@telling
@taking(MARKERS)
def every(
    out: OutFile,
    config: ConfigOption = Path("markers.yml"),
    bot: BotFolder = Path(),
    store: StoreOption = None,
    no_stats: NoStats = False,
    stats_file_prefix: StatsPrefix = Path("stats"),
) -> None:
    """Look at all conversations.

    Example: [bold]trilogue evaluate markers all found.csv[/bold]
    """
    _evaluate(out, config, bot, store, None if no_stats else stats_file_prefix, lambda ids: ids)


@markers.command("first_n", cls=Verb)
@telling
@taking(MARKERS)
def first_n(
    count: Count,
    out: OutFile,
    config: ConfigOption = Path("markers.yml"),
    bot: BotFolder = Path(),
    store: StoreOption = None,
    no_stats: NoStats = False,
    stats_file_prefix: StatsPrefix = Path("stats"),
) -> None:
    """Look at the first conversations, by their ids.

    Example: [bold]trilogue evaluate markers first_n 100 found.csv[/bold]
    """
    prefix = None if no_stats else stats_file_prefix
    _evaluate(out, config, bot, store, prefix, lambda ids: ids[:count])


@markers.command("sample_n", cls=Verb)
@telling
@taking(MARKERS)
def sample_n(
    count: Count,
    out: OutFile,
    seed: Annotated[int | None, typer.Option(help="For the same choice again.")] = None,
    config: ConfigOption = Path("markers.yml"),
    bot: BotFolder = Path(),
    store: StoreOption = None,
    no_stats: NoStats = False,
    stats_file_prefix: StatsPrefix = Path("stats"),
) -> None:
    """Look at some conversations, chosen by chance.

    Example: [bold]trilogue evaluate markers sample_n 100 --seed 1 found.csv[/bold]
    """

    def chosen(ids: list[str]) -> list[str]:
        return sorted(random.Random(seed).sample(ids, min(count, len(ids))))

    _evaluate(out, config, bot, store, None if no_stats else stats_file_prefix, chosen)


def _evaluate(
    out: Path,
    config: Path,
    bot: Path,
    store: str | None,
    prefix: Path | None,
    choose: Callable[[list[str]], list[str]],
) -> None:
    from assistant.bot import load_bot
    from assistant.errors import BotFileError
    from assistant.markers.marker_file import known_names, read_markers
    from assistant.markers.sessions import mark_sessions, write_marks
    from assistant.markers.statistics import write_statistics
    from assistant.stored_conversations import read_conversations
    from assistant.validation.names import known_actions

    if out.exists():
        raise BotFileError(str(out), "is there already. Name another file.")
    files = load_bot(bot, validate=False)
    known = known_names(
        actions=known_actions(files),
        intents={*files.intents, *(each.intent for each in files.data.examples)},
        slots=set(files.domain.slots),
    )
    found = read_markers(config, known)
    with progress() as tools:
        conversations = read_conversations(
            store or bot / "conversations.db", choose=choose,
            tick=lambda done, of: tools.tick("reading conversations", done, of),
        )  # fmt: skip
    sessions = mark_sessions(conversations, found)
    count = write_marks(sessions, out)
    typer.echo(f"{count} moments in {len(sessions)} sessions: {out}")
    if prefix is not None:
        paths = write_statistics(sessions, prefix)
        typer.echo(f"Statistics: {paths[0]}, {paths[1]}")
