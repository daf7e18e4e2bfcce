"""``trilogue data convert``: examples from one format into another."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import DataError
from assistant.formats.names import Format

from .options import JsonOption
from .progress import print_json
from .rasa_flags import CONVERT, taking

_RASA = "Rasa's form: convert nlu --data X --out Y -f yaml"


class RasaFormat(str, Enum):
    """The formats that Rasa writes."""

    yaml = "yaml"
    json = "json"


@taking(CONVERT)
def convert(
    source: Annotated[Path, typer.Argument(help="A file, or a folder with seq.in and label.")],
    target: Annotated[
        Path | None, typer.Argument(help="The file to write.", show_default=False)
    ] = None,
    from_: Annotated[
        Format | None,
        typer.Option("--from", help="Format of the source.", show_default="by ending"),
    ] = None,
    to: Annotated[
        Format | None, typer.Option("--to", help="Format of the target.", show_default="by ending")
    ] = None,
    text_column: Annotated[
        str | None, typer.Option(help="Column or key of texts: its name, or its number from 1.")
    ] = None,
    label_column: Annotated[str | None, typer.Option(help="Likewise of intents.")] = None,
    metadata_columns: Annotated[
        str, typer.Option(help="Columns to keep as metadata, separated by commas.")
    ] = "",
    header: Annotated[
        bool | None,
        typer.Option(
            "--header/--no-header", help="Whether row 1 has names.", show_default="found out"
        ),
    ] = None,
    part: Annotated[str, typer.Option(help="Part of a CLINC file, or all.")] = "train",
    intent: Annotated[str | None, typer.Option(help="Intent of examples without one.")] = None,
    data: Annotated[Path | None, typer.Option(help="The source.", rich_help_panel=_RASA)] = None,
    out: Annotated[Path | None, typer.Option(help="The target.", rich_help_panel=_RASA)] = None,
    format_: Annotated[
        RasaFormat | None,
        typer.Option("--format", "-f", help="Its format.", rich_help_panel=_RASA),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Convert examples between Rasa YAML, Rasa JSON, CSV, TSV, JSON, CLINC JSON and CoNLL columns.

    Example:  [bold]trilogue data convert banking.csv data/nlu.yml --label-column category[/bold]
    or  [bold]trilogue data convert data_full.json data/nlu.yml --part train[/bold]
    or  [bold]trilogue data convert data/nlu.yml nlu.conll[/bold]
    """
    from assistant.formats.formats import read_examples, write_examples
    from assistant.formats.layout import Layout

    source, target = _places(source, target, data, out)
    if format_ is not None:
        to = Format.rasa if format_ is RasaFormat.json else Format.yaml
    layout = Layout(
        text=text_column,
        label=label_column,
        metadata=tuple(name.strip() for name in metadata_columns.split(",") if name.strip()),
        header=header,
        part=part,
        intent=intent,
    )
    found = read_examples(source, layout=layout, known_as=from_)
    notices = write_examples(found, target, layout=layout, known_as=to)
    for notice in notices:
        typer.echo(notice, err=True)
    intents = len({example.intent for example in found.examples})
    entities = sum(len(example.entities) for example in found.examples)
    if json:
        counts = {"examples": len(found.examples), "intents": intents, "entities": entities}
        print_json({"target": str(target), **counts, "notices": notices})
        return
    typer.echo(
        f"{target}: {len(found.examples)} examples of {intents} intents, {entities} entities."
    )


def _places(
    source: Path, target: Path | None, data: Path | None, out: Path | None
) -> tuple[Path, Path]:
    """Source and target, from either form of the command."""
    if data is not None and source != Path("nlu"):
        raise DataError("--data goes with nlu: trilogue data convert nlu --data X --out Y")
    target = target or out
    if target is None:
        raise DataError("name the file to write: trilogue data convert SOURCE TARGET")
    return data or source, target
