"""``trilogue test``: run a bot's suites, write what they gave, and compare with thresholds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant import registry
from assistant.assembly import LoadedModel, build_engine, load_model
from assistant.bot import Bot, load_bot, read_examples, read_test_stories
from assistant.component import Engine, Tools, Translator
from assistant.errors import DataError, ModelError, TrilogueError, UnknownNameError
from assistant.model_folder import newest_model, trilogue_version

from .generation import dialogues_of, read_dialogues, run_dialogues
from .measures import lines_of
from .nlu import cross_validate, read_held_out
from .report_page import report_page
from .stories import run_stories
from .suite import Suite, as_json
from .thresholds import misses, parse_thresholds
from .translation import read_pairs, run_pairs

SUITES = ("nlu", "core", "translation", "generation")


@dataclass(kw_only=True)
class TestRun:
    """What a test run gave.

    Attributes:
        out: The folder with the reports.
        suites: What each suite gave.
        wanted: The thresholds, by name.
        model: The name of the trained model, where there is one.
    """

    __test__ = False  # no class of tests, though pytest would take it for one

    out: Path
    bot: str
    suites: list[Suite] = field(default_factory=list)
    wanted: dict[str, float] = field(default_factory=dict)
    model: str | None = None

    @property
    def numbers(self) -> dict[str, float]:
        """Everything that was measured."""
        return {name: value for suite in self.suites for name, value in suite.numbers.items()}

    @property
    def misses(self) -> list[str]:
        """One line for each suite that could not be run and each threshold that was missed."""
        faults = [f"{suite.name}: {suite.fault}" for suite in self.suites if suite.fault]
        return [*faults, *misses(self.numbers, self.wanted)]

    @property
    def passed(self) -> bool:
        """Whether everything ran and reached its threshold."""
        return not self.misses

    @property
    def lines(self) -> list[str]:
        """The results in words."""
        return [line for suite in self.suites for line in (*lines_of(suite), *suite.notes)]

    @property
    def summary(self) -> dict[str, Any]:
        """The content of ``summary.json``."""
        return {
            "bot": self.bot,
            "model": self.model,
            "trilogue": trilogue_version(),
            "passed": self.passed,
            "numbers": self.numbers,
            "suites": {
                suite.name: {"numbers": suite.numbers, "notes": suite.notes, "fault": suite.fault}
                for suite in self.suites
            },
            "wanted": self.wanted,
            "misses": self.misses,
        }


def run_tests(  # noqa: PLR0913 - what the verb takes
    root: Path,
    *,
    only: str | None = None,
    model: Path | None = None,
    out: Path = Path("results"),
    nlu: Path | None = None,
    stories: Path | None = None,
    pairs: Path | None = None,
    folds: int = 5,
    fail_under: str = "",
    engine: Engine = "int8",
    tools: Tools | None = None,
) -> TestRun:
    """Run a bot's suites; the results are written even when some of them fail.

    Args:
        root: The bot's folder.
        only: One of ``nlu``, ``core``, ``translation``, ``generation``; ``None`` for all.
        model: The folder of models, or one model; ``models`` in the bot's folder.
        out: Where the reports go.
        nlu: Held-out examples; without them the bot's examples are cross-validated.
        stories: Test conversations; the bot's ``test_*`` files.
        pairs: Translation pairs; ``tests/translation_pairs.tsv``.
        folds: Of the cross-validation.
        fail_under: Thresholds, e.g. ``"f1=0.9,bleu=20"``.
        engine: How the models' numbers are held.
        tools: Told how it goes.

    Raises:
        UnknownNameError: A suite or a threshold that nothing is called.
        BotFilesError: The bot's files have faults.
    """
    wanted = parse_thresholds(fail_under)
    if only is not None and only not in SUITES:
        raise UnknownNameError("suite", only, SUITES)
    bench = _Bench(
        bot=load_bot(root), models=model or root / "models", engine=engine, tools=tools or Tools()
    )
    run = TestRun(out=out, bot=root.resolve().name, wanted=wanted, model=bench.model_name)
    works = bench.works(nlu=nlu, stories=stories, pairs=pairs, folds=folds)
    try:
        for name in SUITES:
            if only in (None, name):
                run.suites.append(_attempt(name, works[name], alone=only is not None))
    finally:
        _write(run)
    return run


def run_suite(root: Path, name: str) -> Suite:
    """Run one suite of a bot as its folder says, and write nothing.

    Raises:
        BotFilesError: The bot's files have faults.
    """
    bench = _Bench(bot=load_bot(root), models=root / "models", engine="int8", tools=Tools())
    return _attempt(name, bench.works()[name], alone=True)


def _attempt(name: str, work: Callable[[], Suite], *, alone: bool) -> Suite:
    """Run a suite; what a user can mend becomes its fault."""
    try:
        suite = work()
    except TrilogueError as error:
        return Suite(name=name, fault=str(error))
    if alone and not suite.measured and suite.fault is None:
        suite.fault = " ".join(suite.notes) or "there is nothing to test."
    return suite


def _write(run: TestRun) -> None:
    run.out.mkdir(parents=True, exist_ok=True)
    for suite in run.suites:
        suite.write(run.out)
    (run.out / "summary.json").write_text(as_json(run.summary), encoding="utf-8")
    page = report_page(run.summary, run.suites)
    (run.out / "report.html").write_text(page, encoding="utf-8")


@dataclass(kw_only=True)
class _Bench:
    """A bot on the test bench; its models are loaded when a suite first needs them."""

    bot: Bot
    models: Path
    engine: Engine
    tools: Tools

    @property
    def model_name(self) -> str | None:
        try:
            return newest_model(self.models).name
        except ModelError:
            return None

    @cached_property
    def model(self) -> LoadedModel:
        self.tools.notice("Loading the trained bot …")
        return load_model(self.models, engine=self.engine)

    def works(
        self,
        *,
        nlu: Path | None = None,
        stories: Path | None = None,
        pairs: Path | None = None,
        folds: int = 5,
    ) -> dict[str, Callable[[], Suite]]:
        """What runs each suite."""
        return {
            "nlu": lambda: self.nlu(nlu, folds),
            "core": lambda: self.core(stories),
            "translation": lambda: self.translation(pairs),
            "generation": lambda: self.generation(stories),
        }

    def nlu(self, held_out: Path | None, folds: int) -> Suite:
        if held_out is None and not self.bot.held_out.examples:
            return cross_validate(self.bot, folds=folds, engine=self.engine, tools=self.tools)
        examples = self.bot.held_out.examples
        if held_out is not None:
            if not held_out.exists():
                raise DataError(f"{held_out}: no such file of test examples.")
            examples = read_examples(held_out, self.bot.root).examples
        reading = self.model.reading if self.model_name else None
        return read_held_out(self.bot, examples, reading, engine=self.engine, tools=self.tools)

    def core(self, path: Path | None) -> Suite:
        if path is not None and not path.exists():
            raise DataError(f"{path}: no such file or folder of test conversations.")
        stories = self.bot.tests if path is None else read_test_stories(path, self.bot.root)
        if not stories:
            return Suite(name="core", notes=["No test conversations in tests/test_*.yml."])
        model = self.model
        return asyncio.run(
            run_stories(
                model.bot, build_engine(model.bot, seed=0), stories, model.reading.process,
                self.tools,
            )
        )  # fmt: skip

    def translation(self, path: Path | None) -> Suite:
        source = path or self.bot.root / "tests" / "translation_pairs.tsv"
        if not source.exists():
            if path is not None:
                raise DataError(f"{path}: no such file of translation pairs.")
            return Suite(
                name="translation", notes=["No translation pairs in tests/translation_pairs.tsv."]
            )
        found = read_pairs(source, self.bot.root)
        return run_pairs(self._translator(), found, self.tools)

    def _translator(self) -> Translator:
        part = registry.translator()
        return part.load(self.bot.config.translation.base, engine=self.engine)

    def generation(self, path: Path | None) -> Suite:
        settings = self.bot.config.generation
        if settings is None or not settings.enabled:
            return Suite(name="generation", notes=["The bot has no generator."])
        source = self.bot.root / "tests" / "dialogues.jsonl"
        if source.exists():
            dialogues = read_dialogues(source, self.bot.root)
        else:
            tests = self.bot.tests if path is None else read_test_stories(path, self.bot.root)
            dialogues = dialogues_of(tests)
        if not dialogues:
            return Suite(name="generation", notes=["No dialogues in tests/dialogues.jsonl."])
        model = self.model
        if model.generator is None:
            raise ModelError(f"{model.folder}: was trained without a generator.")
        return run_dialogues(model.generator, model.reading, dialogues, self.tools)
