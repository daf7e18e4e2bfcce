"""``trilogue train``: from a bot's files to a model folder, training only what changed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import registry
from .actions import load_actions
from .bot import Bot, load_bot
from .component import Notice, Tools, Translator
from .dialogue.learned_policy.policy import FOLDER, has_policy
from .dialogue.learned_policy.settings import LearnedSettings, learned_settings
from .errors import ModelError
from .fingerprints import fingerprints
from .model_folder import check_files, copy_bot_files, newest_model, seal

PLACES = {"policy": f"core/{FOLDER}"}
"""Folders of parts that are not called like the part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to train.

    Attributes:
        only: ``"nlu"`` or ``"core"``; ``None`` for everything.
        force: Train everything anew.
        augmentation: How many stories are glued together for the learned policy, in tens.
        finetune: Go on from the last model's learned policy.
        epoch_fraction: Share of the configured epochs to go on for.
    """

    only: str | None = None
    force: bool = False
    augmentation: int = 50
    finetune: bool = False
    epoch_fraction: float = 1.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a training would do.

    Attributes:
        last: The model that parts are taken over from.
        known: What each of its parts was trained on.
        wanted: Fingerprint of each part.
        train: Parts to train.
        reuse: Parts to take over.
    """

    last: Path | None
    known: dict[str, str]
    wanted: dict[str, str]
    train: list[str]
    reuse: list[str]

    @property
    def changed(self) -> bool:
        """Whether the bot differs from the last model at all."""
        return self.known != self.wanted

    @property
    def parts(self) -> dict[str, str]:
        """What each part will have been trained on; one that is taken over keeps its own."""
        kept = {part: self.known[part] for part in self.reuse}
        return {part: self.wanted[part] for part in ("core", *self.train)} | kept


def plan_training(
    bot: Bot, models: Path, options: Options, notice: Notice = lambda _text: None
) -> Plan:
    """Compare a bot with the newest model below a folder.

    Args:
        bot: The bot.
        models: The folder.
        options: How to train.
        notice: Told that the last model is damaged, so that nothing of it can be kept.

    Raises:
        ModelError: There is no whole model to go on from, and ``finetune`` asks for one.
    """
    last = newest_model(models) if options.finetune else _last(models)
    known: dict[str, str] = {}
    try:
        known = check_files(last).parts if last else {}
    except ModelError as error:
        if options.finetune:
            raise
        last = None
        notice(f"{str(error).split(' Train again')[0]} Nothing of it is kept.")
    wanted = fingerprints(bot, _learned(bot, options))
    train, reuse = [], []
    for part in sorted(wanted.keys() - {"core"}):
        skipped = _is_skipped(part, options)
        there = last is not None and part in known and _place(last, part).is_dir()
        if there and (skipped or (not options.force and known[part] == wanted[part])):
            reuse.append(part)
        elif not skipped:
            train.append(part)
    return Plan(last=last, known=known, wanted=wanted, train=train, reuse=reuse)


def _is_skipped(part: str, options: Options) -> bool:
    """Whether another part alone is to be trained."""
    wanted = {"nlu": ("nlu",), "core": ("policy",)}
    return options.only is not None and part not in wanted[options.only]


def train_bot(
    root: Path,
    *,
    out: Path | None = None,
    name: str | None = None,
    options: Options | None = None,
    tools: Tools | None = None,
) -> Trained:
    """Train what changed since the last model.

    Args:
        root: The bot's folder.
        out: Where models are kept; ``models`` in the bot's folder.
        name: The model's name; a time stamp.
        options: How to train.
        tools: Told how it goes.

    Raises:
        BotFilesError: The bot's files have faults.
        ActionError: Its actions cannot be imported.
        ModelError: There is no model to go on from.
    """
    began = time.monotonic()
    tools, options = tools or Tools(), options or Options()
    bot = load_bot(root)
    for line in bot.notices:
        tools.notice(line)
    load_actions(root)
    models = out or root / "models"
    models.mkdir(parents=True, exist_ok=True)
    plan = plan_training(bot, models, options, tools.notice)
    whole = options.only is None and not options.force and name is None
    if plan.last and whole and not plan.changed:
        tools.notice(f"Nothing changed: {plan.last.name} is up to date.")
        return Trained(folder=plan.last, trained=[], reused=sorted(plan.wanted), seconds=0.0)
    draft = models / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    copy_bot_files(bot, draft / "core")
    for part in plan.reuse:
        shutil.copytree(_place(_known(plan.last), part), _place(draft, part))
    _train_parts(bot, plan, draft, options, tools)
    seal(draft, plan.parts)
    folder = models / (name or time.strftime("%Y%m%d-%H%M%S"))
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    seconds = time.monotonic() - began
    return Trained(folder=folder, trained=["core", *plan.train], reused=plan.reuse, seconds=seconds)


def _train_parts(bot: Bot, plan: Plan, draft: Path, options: Options, tools: Tools) -> None:
    wanted = {"nlu", "generation"} & set(plan.train)
    translator = _translator(bot, tools.notice) if wanted else None
    tools = replace(tools, translator=translator)
    steps: dict[str, Callable[[Path], object]] = {
        "nlu": lambda folder: registry.understanding().train(bot, folder, tools),
        "policy": lambda folder: _train_policy(bot, folder, plan.last, options, tools),
        "generation": lambda folder: registry.generator().train(bot, folder, tools),
    }
    for part in plan.train:
        folder = _place(draft, part)
        folder.mkdir(parents=True)
        steps[part](folder)


def _train_policy(
    bot: Bot, folder: Path, last: Path | None, options: Options, tools: Tools
) -> None:
    """Train the learned policy; torch is imported here."""
    from .dialogue.learned_policy.training import train_policy

    settings = _learned(bot, options)
    start = _place(last, "policy") if options.finetune and last else None
    if settings is None:
        return
    if start is not None and not has_policy(start):
        tools.notice("The last model has no learned policy to go on from: it is trained anew.")
        start = None
    train_policy(
        bot, settings, folder, start=start, epoch_fraction=options.epoch_fraction,
        tick=lambda done, of: tools.tick("dialogue", done, of), notice=tools.notice,
    )  # fmt: skip


def _learned(bot: Bot, options: Options) -> LearnedSettings | None:
    return learned_settings(bot.config, augmentation=options.augmentation)


def _place(folder: Path, part: str) -> Path:
    """The folder of a part in a model."""
    return folder / PLACES.get(part, part)


def _known(last: Path | None) -> Path:
    if last is None:
        raise ModelError("There is no model to take parts over from. Train again: trilogue train")
    return last


def _last(models: Path) -> Path | None:
    try:
        return newest_model(models)
    except ModelError:
        return None


def _translator(bot: Bot, notice: Notice) -> Translator | None:
    own, *others = bot.languages
    if not others:
        return None
    translator = registry.translator().load(bot.config.translation.base, engine="int8")
    for tag in others:
        if not {(tag, own), (own, tag)} <= translator.pairs:
            known = ", ".join(sorted({each for pair in translator.pairs for each in pair}))
            notice(f"config.yml: translation.languages: nothing translates between {own} and "
                   f"{tag}; messages in {tag} are taken as they are. Known: {known}.")  # fmt: skip
    return translator
