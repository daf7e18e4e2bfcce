"""Show what a test run measured as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.evaluation.suite import Suite

TITLES = {
    "nlu": "Understanding",
    "core": "Conversations",
    "translation": "Translation",
    "generation": "Generated replies",
}


def show_results(suites: list[Suite]) -> None:
    """Print one block for each suite: numbers, then what should be known about them."""
    from rich.console import Console
    from rich.table import Table

    from assistant.evaluation.measures import ordered, shown, title_of

    console = Console(highlight=False)
    for suite in suites:
        table = Table(title=TITLES.get(suite.name, suite.name), title_justify="left", box=None,
                      title_style="bold", show_header=False, pad_edge=False)  # fmt: skip
        table.add_column(min_width=38)
        table.add_column(justify="right")
        for name in ordered(suite.numbers):
            table.add_row(title_of(name), shown(name, suite.numbers[name]))
        if suite.numbers:
            console.print(table)
        else:
            console.print(TITLES.get(suite.name, suite.name), style="bold")
        for note in suite.notes:
            console.print(note, style="dim", markup=False)
        console.print()
