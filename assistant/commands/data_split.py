"""``trilogue data split``: one part to train on, one to measure with."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from .options import BotFolder, JsonOption
from .progress import print_json


class What(str, Enum):
    """What can be split."""

    nlu = "nlu"
    stories = "stories"


def split(
    what: Annotated[What, typer.Argument(help="The examples, or the stories.")],
    bot: BotFolder = Path(),
    source: Annotated[
        Path | None,
        typer.Option("--nlu", "-u", "--stories", "-s", help="Only this file or folder of the bot."),
    ] = None,
    training_fraction: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="Share of the part to train on.")
    ] = 0.8,
    random_seed: Annotated[
        int | None,
        typer.Option(help="Makes the split repeatable.", show_default="another each time"),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the two files.")] = Path("train_test_split"),
    json: JsonOption = False,
) -> None:
    """Split examples or stories; every intent and entity is in both parts.

    Example:  [bold]trilogue data split nlu --training-fraction 0.9 --random-seed 1[/bold]
    then  [bold]trilogue test nlu --nlu train_test_split/test_data.yml[/bold]
    """
    out.mkdir(parents=True, exist_ok=True)
    run = _split_nlu if what is What.nlu else _split_stories
    names = (
        ("training_data", "test_data") if what is What.nlu else ("train_stories", "test_stories")
    )
    paths = [out / f"{name}.yml" for name in names]
    counts, notices = run(bot, source, paths, training_fraction, random_seed)
    for notice in notices:
        typer.echo(notice, err=True)
    if json:
        print_json({str(path): count for path, count in zip(paths, counts, strict=True)})
        return
    for path, count in zip(paths, counts, strict=True):
        typer.echo(f"{path}: {count} {'examples' if what is What.nlu else 'stories'}")


def _split_nlu(
    bot: Path, source: Path | None, paths: list[Path], fraction: float, seed: int | None
) -> tuple[list[int], list[str]]:
    from assistant.bot import load_bot
    from assistant.files.discovery import find_files
    from assistant.formats.formats import read_examples
    from assistant.formats.rasa_yaml import write_rasa_yaml
    from assistant.splitting import retrieval_responses, split_examples

    data = read_examples(source) if source else load_bot(bot, validate=False).data
    parts = split_examples(data, fraction=fraction, seed=seed)
    found = find_files(bot)
    for part, path in zip((parts.train, parts.test), paths, strict=True):
        answers = retrieval_responses([*found.domain, *found.data], part)
        path.write_text(write_rasa_yaml(part, answers), encoding="utf-8")
    notices = [
        f"intent {intent!r} has one example, which stays in {paths[0].name}."
        for intent in parts.single
    ]
    return [len(parts.train.examples), len(parts.test.examples)], notices


def _split_stories(
    bot: Path, source: Path | None, paths: list[Path], fraction: float, seed: int | None
) -> tuple[list[int], list[str]]:
    from assistant.errors import BotFileError
    from assistant.files.discovery import find_files, training_files
    from assistant.formats.rasa_yaml import dump
    from assistant.splitting import split_stories

    files = training_files(source) if source else find_files(bot).data
    parts = split_stories(files, bot, fraction=fraction, seed=seed)
    if not parts.train:
        raise BotFileError(str(bot), "holds no stories. Name the file with --stories FILE.")
    for part, path in zip((parts.train, parts.test), paths, strict=True):
        path.write_text(dump({"stories": part}), encoding="utf-8")
    notices = [] if parts.test else ["No story can be spared: each shows something of its own."]
    return [len(parts.train), len(parts.test)], notices
