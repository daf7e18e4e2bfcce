"""``trilogue doctor``: say what is installed, what works, and what to do about the rest."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import typer

from assistant.errors import TrilogueError

from .options import BotFolder, JsonOption
from .progress import print_json

PACKAGES = ("torch", "transformers", "peft", "ctranslate2", "aiohttp", "langdetect", "sacrebleu")
EXTRAS = {"gradio": "ui", "bitsandbytes": "bnb", "pytest": "dev"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; ``good`` is ``None`` where it is only worth knowing."""

    what: str
    good: bool | None
    note: str


def doctor(bot: BotFolder = Path(), json: JsonOption = False) -> None:
    """Check the installation, the built-in models, and the bot in this folder.

    Example: [bold]trilogue doctor[/bold]
    """
    findings = [*_machine(), *_packages(), *_models(), *_bot(bot)]
    if json:
        print_json([asdict(each) for each in findings])
    else:
        for each in findings:
            mark = {True: "ok  ", False: "FAIL", None: "    "}[each.good]
            typer.echo(f"{mark} {each.what:<22} {each.note}")
    if any(each.good is False for each in findings):
        raise typer.Exit(1)


def _machine() -> Iterator[Finding]:
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    yield Finding(
        what="machine",
        good=None,
        note=f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}",
    )


def _packages() -> Iterator[Finding]:
    for name in PACKAGES:
        found = _version(name)
        yield Finding(what=name, good=found is not None, note=found or "missing: make install")
    for name, extra in EXTRAS.items():
        found = _version(name) if find_spec(name) else None
        hint = f"not installed; for it: pip install 'trilogue[{extra}]'"
        yield Finding(what=name, good=True if found else None, note=found or hint)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _models() -> Iterator[Finding]:
    from assistant import registry
    from assistant.component import Generator, Translator
    from assistant.engines import cache_folder

    def translates() -> str:
        translator: Translator = registry.translator().load()
        return "你好 → " + translator.translate(["你好"], source="zh", target="en")[0]

    def writes() -> str:
        from assistant.messages import Prompt, Utterance

        generator: Generator = registry.generator().load()
        (draft,) = generator.write([Prompt(history=(Utterance("user", "Hello!"),))])
        return f"Hello! → {draft.text or '(a template would answer)'}"

    yield _tried("translator", translates)
    yield _tried("generator", writes)
    yield Finding(what="8-bit cache", good=None, note=str(cache_folder()))


def _bot(root: Path) -> Iterator[Finding]:
    from assistant.bot import load_bot
    from assistant.model_folder import check_files, newest_model

    if not (root / "config.yml").exists() and not (root / "domain.yml").exists():
        yield Finding(what="bot", good=None, note=f"{root.resolve()} holds no bot")
        return
    yield _tried("bot files", lambda: f"{len(load_bot(root).files)} files read, no faults")

    def checked() -> str:
        folder = newest_model(root / "models")
        check_files(folder)
        return f"{folder.name}, all files whole"

    yield _tried("trained model", checked)


def _tried(what: str, work: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, good=True, note=work())
    except TrilogueError as error:
        return Finding(what=what, good=False, note=str(error))
