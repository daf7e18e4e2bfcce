"""``pytest mybot/``: a bot's test conversations, examples and translation pairs as test items.

A folder with ``config.yml`` and ``domain.yml`` (or ``domain/``) is a bot. Its files
``tests/test_*.yml`` give one item for each conversation; its ``config.yml`` gives one item for
its NLU examples and one for ``tests/translation_pairs.tsv``. Elsewhere nothing is collected,
and nothing of Trilogue is imported until a bot is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from assistant.domain import Domain

    from .conversations import PlayedStory
    from .suite import Suite

_OPTION = "--trilogue-fail-under"


class BotTestFailed(Exception):  # noqa: N818 - reported as a failed test, not raised to users
    """A test of a bot that did not pass; the text is what a person reads."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option and its counterpart in ``pytest.ini``."""
    help_text = "Least results of a bot's NLU and translation, e.g. f1=0.9,bleu=20."
    parser.getgroup("trilogue").addoption(_OPTION, default=None, metavar="F1=0.9", help=help_text)
    parser.addini("trilogue_fail_under", help_text, default="")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a threshold that cannot be read before anything is run."""
    text = _thresholds_text(config)
    if text:
        from assistant.errors import TrilogueError

        from .thresholds import parse_thresholds

        try:
            wanted = parse_thresholds(text)
        except TrilogueError as error:
            raise pytest.UsageError(str(error)) from error
        for name in wanted:
            if _suite_of(name) not in ("nlu", "translation"):
                raise pytest.UsageError(
                    f"{_OPTION}: {name} is not measured here; each conversation is a test"
                )


def _thresholds_text(config: pytest.Config) -> str:
    given = config.getoption(_OPTION)
    return str(config.getini("trilogue_fail_under") if given is None else given)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the files of a bot's folder."""
    if file_path.name == "config.yml" and _is_bot(file_path.parent):
        suites: BotSuites = BotSuites.from_parent(parent, path=file_path)
        return suites
    if file_path.name.startswith("test_") and file_path.suffix in (".yml", ".yaml"):
        folder = file_path.parent
        if folder.name == "tests" and _is_bot(folder.parent):
            conversations: BotConversations = BotConversations.from_parent(parent, path=file_path)
            return conversations
    return None


def _is_bot(folder: Path) -> bool:
    """Whether a folder is a bot's, and not the copy of one inside a trained model."""
    has_domain = (folder / "domain.yml").is_file() or (folder / "domain").is_dir()
    in_model = (folder.parent / "manifest.json").is_file()
    return has_domain and (folder / "config.yml").is_file() and not in_model


class BotConversations(pytest.File):
    """A file of test conversations."""

    _played: list[PlayedStory] | None = None
    _domain: Domain | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item for each conversation."""
        from assistant.bot import read_test_stories
        from assistant.errors import TrilogueError

        try:
            stories = read_test_stories(self.path, self.path.parent.parent)
        except TrilogueError as error:
            raise self.CollectError(str(error)) from error
        for story in stories:
            yield Conversation.from_parent(self, name=story.name, where=story.where)

    def played(self) -> tuple[list[PlayedStory], Domain]:
        """Every conversation of the file, played once, and the bot's domain."""
        if self._played is None or self._domain is None:
            self._played, self._domain = _play(self.path)
        return self._played, self._domain


def _play(path: Path) -> tuple[list[PlayedStory], Domain]:
    import asyncio

    from assistant.assembly import build_engine, load_model
    from assistant.bot import read_test_stories

    from .conversations import play_stories

    root = path.parent.parent
    model = load_model(root / "models")
    stories = read_test_stories(path, root)
    engine = build_engine(model.bot, seed=0)
    playing = play_stories(model.bot, engine, stories, model.reading.process)
    return asyncio.run(playing), model.bot.domain


class BotItem(pytest.Item):
    """A test of a bot; what a user can mend fails it with one line."""

    def runtest(self) -> None:
        """Run the test."""
        from assistant.errors import TrilogueError

        try:
            self.check()
        except TrilogueError as error:
            raise BotTestFailed(str(error)) from error

    def check(self) -> None:
        """Raise `BotTestFailed` where the bot does not do what is expected."""
        raise NotImplementedError

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Show a bot's failure as its text, without a traceback."""
        if isinstance(excinfo.value, BotTestFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test stands."""
        return self.path, None, self.name


class Conversation(BotItem):
    """One test conversation."""

    def __init__(self, *, where: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.where = where

    def check(self) -> None:
        """Play the conversation's file and look at this one."""
        file = cast("BotConversations", self.parent)
        played, domain = file.played()
        failed = [each for each in played if each.story.where == self.where and not each.passed]
        if failed:
            raise BotTestFailed("\n\n".join(_dialogue(each, domain) for each in failed))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """File and line of the story."""
        _, _, line = self.where.rpartition(":")
        return self.path, int(line) - 1 if line.isdigit() else None, self.name


def _dialogue(played: PlayedStory, domain: Domain) -> str:
    """A played conversation as text, each difference below its line."""
    from .stories import line_of

    lines = [f"{played.story.name} ({played.story.where})"]
    for each in played.steps:
        speaker, text, name = line_of(each.step, domain)
        shown = " ".join(part for part in (text, f"[{name}]" if name else "") if part)
        lines.append(f"  {speaker:>5}: {shown}")
        lines += [f"     >>> {fault}" for fault in each.faults]
    return "\n".join(lines)


class BotSuites(pytest.File):
    """A bot's configuration file: it stands for the tests that concern the whole bot."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for the NLU examples and one for the translation pairs."""
        yield WholeSuite.from_parent(self, name="nlu")
        if (self.path.parent / "tests" / "translation_pairs.tsv").is_file():
            yield WholeSuite.from_parent(self, name="translation")


class WholeSuite(BotItem):
    """A suite whose numbers are compared with the thresholds."""

    def check(self) -> None:
        """Run the suite; its numbers stand in the test's report."""
        from .run import run_suite
        from .thresholds import misses, parse_thresholds

        wanted = parse_thresholds(_thresholds_text(self.config))
        suite = run_suite(self.path.parent, self.name)
        self.add_report_section("call", "trilogue", _numbers(suite))
        own = {name: least for name, least in wanted.items() if _suite_of(name) == self.name}
        lines = [suite.fault] if suite.fault else misses(suite.numbers, own)
        if lines:
            raise BotTestFailed("\n".join(lines))


def _numbers(suite: Suite) -> str:
    from .measures import lines_of

    return "\n".join([*lines_of(suite), *suite.notes])


def _suite_of(name: str) -> str:
    from .measures import suite_of

    return suite_of(name)
