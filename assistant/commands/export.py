"""``trilogue export``: stored conversations as JSON lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder
from .progress import progress
from .serving import EndpointsOption, StoreOption


def export(
    bot: BotFolder = Path(),
    store: StoreOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to append to; - for the terminal",
            show_default="the event broker's file of endpoints.yml, else conversations.jsonl",
        ),
    ] = None,
    minimum_timestamp: Annotated[
        float | None,
        typer.Option(help="Only events from this time on, in seconds since 1970."),
    ] = None,
    maximum_timestamp: Annotated[
        float | None, typer.Option(help="Only events before this time.")
    ] = None,
    conversation_ids: Annotated[
        str, typer.Option(help="Only these conversations, joined by commas.", show_default="all")
    ] = "",
    endpoints: EndpointsOption = None,
) -> None:
    """Export stored conversations: one event per line, in Rasa's format.

    Example: [bold]trilogue export --conversation-ids anna,li --out chats.jsonl[/bold]
    """  # fmt: skip
    from assistant.export import TimeSpan, append_lines, broker_file, exported_events
    from assistant.stored_conversations import read_conversations

    target = out or broker_file(endpoints or bot / "endpoints.yml") or Path("conversations.jsonl")
    ids = [each.strip() for each in conversation_ids.split(",") if each.strip()]
    with progress(silent=str(target) == "-") as tools:
        found = read_conversations(
            store or bot / "conversations.db", ids=ids,
            tick=lambda done, of: tools.tick("reading conversations", done, of),
        )  # fmt: skip
    events = exported_events(found, TimeSpan(start=minimum_timestamp, end=maximum_timestamp))
    if str(target) == "-":
        append_lines(events, Path("/dev/stdout"))
        return
    count = append_lines(events, target)
    typer.echo(f"{count} events of {len(found)} conversations: {target}")
