"""``trilogue train``: from a bot's files to a model folder, training only what changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from . import registry
from .actions import load_actions
from .bot import Bot, load_bot
from .component import Tools, Translator
from .errors import ModelError
from .model_folder import copy_bot_files, newest_model, read_manifest, seal, trilogue_version


@dataclass(kw_only=True)
class Trained:
    """What a training gave.

    Attributes:
        folder: The model.
        trained: Parts that were trained.
        reused: Parts taken over from the last model.
        seconds: Wall-clock time.
    """

    folder: Path
    trained: list[str]
    reused: list[str]
    seconds: float


def train_bot(
    root: Path,
    *,
    out: Path | None = None,
    only: str | None = None,
    name: str | None = None,
    force: bool = False,
    tools: Tools | None = None,
) -> Trained:
    """Train what changed since the last model.

    Args:
        root: The bot's folder.
        out: Where models are kept; ``models`` in the bot's folder.
        only: ``"nlu"`` or ``"core"``; ``None`` for everything.
        name: The model's name; a time stamp.
        force: Train everything anew.
        tools: Told how it goes.

    Raises:
        BotFilesError: The bot's files have faults.
        ActionError: Its actions cannot be imported.
    """
    began = time.monotonic()
    tools = tools or Tools()
    bot = load_bot(root)
    for line in bot.notices:
        tools.notice(line)
    load_actions(root)
    models = out or root / "models"
    models.mkdir(parents=True, exist_ok=True)
    last = None if force else _last(models)
    wanted = fingerprints(bot)
    if last and name is None and read_manifest(last).parts == wanted and only is None:
        tools.notice(f"Nothing changed: {last.name} is up to date.")
        return Trained(folder=last, trained=[], reused=sorted(wanted), seconds=0.0)
    draft = models / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    translator = _translator(bot)
    tools = Tools(translator=translator, notice=tools.notice, tick=tools.tick)
    steps = {
        "nlu": lambda folder: registry.understanding().train(bot, folder, tools),
        "generation": lambda folder: registry.generator().train(bot, folder, tools),
    }
    trained, reused = ["core"], []
    copy_bot_files(root, bot.files, draft / "core")
    for part in sorted(set(steps) & set(wanted)):
        skip = only == "core" or (only == "nlu" and part != "nlu")
        if _take_over(last, draft, part, wanted, skip=skip):
            reused.append(part)
        elif not skip:
            _train_part(steps[part], draft / part)
            trained.append(part)
    parts = {part: wanted[part] for part in wanted if part == "core" or (draft / part).exists()}
    seal(draft, parts)
    folder = models / (name or time.strftime("%Y%m%d-%H%M%S"))
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    return Trained(folder=folder, trained=trained, reused=reused, seconds=time.monotonic() - began)


def _train_part(step: Callable[[Path], None], folder: Path) -> None:
    folder.mkdir()
    step(folder)


def _last(models: Path) -> Path | None:
    try:
        return newest_model(models)
    except ModelError:
        return None


def _take_over(
    last: Path | None, draft: Path, part: str, wanted: dict[str, str], *, skip: bool
) -> bool:
    """Copy an unchanged part of the last model; with ``skip`` also a changed one."""
    if last is None or not (last / part).is_dir():
        return False
    if not skip and read_manifest(last).parts.get(part) != wanted[part]:
        return False
    shutil.copytree(last / part, draft / part)
    return True


def _translator(bot: Bot) -> Translator | None:
    if len(bot.languages) < 2:
        return None
    return registry.translator().load(bot.config.translation.base, engine="int8")


def fingerprints(bot: Bot) -> dict[str, str]:
    """Say for each part what it would be trained on, as a SHA-256."""
    examples = [asdict(example) | {"where": ""} for example in bot.data.examples]
    words = [bot.data.synonyms, bot.data.regexes, bot.data.lookups]
    config = bot.config.model_dump()
    base = trilogue_version()
    understanding = [base, examples, words, config["nlu"], config["language"],
                     config["translation"], _base_stamp("translation/base/model"),
                     _base_stamp("nlu/sentiment/head")]  # fmt: skip
    spoken = {name: [v.text for v in vs] for name, vs in bot.domain.responses.items()}
    stories = [[str(step) for step in story.steps] for story in [*bot.stories, *bot.rules]]
    contents = [path.read_text(encoding="utf-8-sig") for path in bot.files]
    dialogues = [path.read_text("utf-8") for path in sorted(bot.root.glob("data/*.jsonl"))]
    found = {"core": _digest([base, contents]), "nlu": _digest(understanding)}
    generation = bot.config.generation
    if generation and generation.enabled:
        found["generation"] = _digest(
            [base, examples, spoken, stories, dialogues, config["generation"],
             _base_stamp("generation/base/model")]
        )  # fmt: skip
    return found


def _base_stamp(path: str) -> str:
    """Name the built-in weights that are installed, so that new ones train anew."""
    package, _, rest = path.partition("/")
    weights = Path(str(files(package).joinpath(f"{rest}.safetensors")))
    if not weights.exists():
        return ""
    with weights.open("rb") as file:
        return hashlib.sha256(file.read(1 << 20)).hexdigest()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
