"""Tell people how long work goes: bars on a terminal, plain lines elsewhere, silence for JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.component import Tools


@contextmanager
def progress(*, silent: bool = False) -> Iterator[Tools]:
    """Give the tools that show progress on stderr while the context is open."""
    if silent:
        yield Tools()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    bars = Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    tasks: dict[str, Any] = {}

    def tick(what: str, done: float, of: float) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=of)
            if not console.is_terminal:
                console.print(f"{what} …")
        bars.update(tasks[what], completed=done, total=of)

    with bars:
        yield Tools(notice=lambda text: console.print(text, markup=False), tick=tick)


def print_json(value: object) -> None:
    """Print a result as JSON on stdout, readable by people too."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")
