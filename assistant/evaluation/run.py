"""``trilogue test``: run a bot's suites, write what they gave, and compare with thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.bot import load_bot
from assistant.component import Engine, Tools
from assistant.errors import TrilogueError, UnknownNameError
from assistant.model_folder import trilogue_version

from .bench import SUITES, Bench, TestOptions
from .comparison import Compared, compare_configs, config_of
from .measures import lines_of
from .model_comparison import compare_models
from .report_page import report_page
from .suite import Suite, as_json
from .thresholds import misses, parse_thresholds


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
    options: TestOptions | None = None,
    compared: Compared | None = None,
    config: Path | None = None,
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
        options: What is tested, and which files are written.
        compared: Compare configurations, or the models of a folder, instead.
        config: Another configuration than the bot's own.
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
    bench = Bench(
        bot=load_bot(root),
        models=model or root / "models",
        engine=engine,
        tools=tools or Tools(),
        options=options or TestOptions(),
    )
    if config is not None:
        bench.bot.config = config_of(config)
    run = TestRun(out=out, bot=root.resolve().name, wanted=wanted, model=bench.model_name)
    works = bench.works if compared is None else _comparison(bench, compared, out)
    names = [name for name in SUITES if name in works and only in (None, name)]
    if not names:
        known = ", ".join(works)
        raise TrilogueError(f"{only}: cannot be compared so; what can: trilogue test {known}")
    try:
        for name in names:
            run.suites.append(_attempt(name, works[name], alone=len(names) == 1))
    finally:
        _write(run)
    return run


def _comparison(bench: Bench, compared: Compared, out: Path) -> dict[str, Callable[[], Suite]]:
    """What compares configurations, or the models of a folder."""
    if not compared.configs:
        return {"core": lambda: compare_models(bench)}
    return {
        "nlu": lambda: compare_configs(
            bench.bot, compared, out, engine=bench.engine, tools=bench.tools
        )
    }


def run_suite(root: Path, name: str) -> Suite:
    """Run one suite of a bot as its folder says, and write nothing.

    Raises:
        BotFilesError: The bot's files have faults.
    """
    bench = Bench(bot=load_bot(root), models=root / "models")
    return _attempt(name, bench.works[name], alone=True)


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
