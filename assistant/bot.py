"""A bot's folder, read into one value: configuration, domain, examples, stories, rules, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .config import Config, read_config
from .domain import DEFAULT_INTENTS, Domain
from .errors import BotFileError, nearest
from .files.domain_file import read_domain
from .files.nlu_file import read_nlu
from .files.response_file import read_responses
from .files.story_file import read_rules, read_stories
from .files.yaml_file import Faults, YamlFile, kind, read_yaml
from .stories import Story
from .training_data import TrainingData

SECTIONS = (
    "version", "nlu", "responses", "stories", "rules", "intents", "entities", "slots", "forms",
    "actions", "e2e_actions", "session_config", "config",
)  # fmt: skip
_SKIPPED_FOLDERS = {"models", "results", "actions", "node_modules", "__pycache__"}


@dataclass(kw_only=True)
class Bot:
    """Everything that a bot's files say.

    Attributes:
        root: The folder.
        tests: Conversations of the ``test_*`` files.
        held_out: Examples of the ``test_*`` files; nothing is trained on them.
        files: The files that were read, in order.
        notices: What was passed over, has no meaning here, or was read in an older way.
    """

    root: Path
    config: Config = field(default_factory=Config)
    domain: Domain = field(default_factory=Domain)
    data: TrainingData = field(default_factory=TrainingData)
    stories: list[Story] = field(default_factory=list)
    rules: list[Story] = field(default_factory=list)
    tests: list[Story] = field(default_factory=list)
    held_out: TrainingData = field(default_factory=TrainingData)
    files: list[Path] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents of the domain, then the built-in ones."""
        return (*self.domain.intents, *DEFAULT_INTENTS)

    @property
    def languages(self) -> tuple[str, ...]:
        """What people may write, the bot's own language first."""
        others = [tag for tag in self.config.translation.languages if tag != self.config.language]
        return (self.config.language, *others)


def load_bot(root: Path, *, validate: bool = True) -> Bot:
    """Read a bot's folder.

    Args:
        root: The folder with ``config.yml`` and ``domain.yml`` or ``domain/``.
        validate: Whether names that nothing defines are faults.

    Raises:
        BotFileError: The folder is no bot.
        BotFilesError: All faults of its files, each with file and line.
    """
    from .validation import check_names

    if not root.is_dir():
        raise BotFileError(str(root), "no such folder. Make a bot with: trilogue init DIR")
    if not (root / "config.yml").exists() and not (root / "domain.yml").exists():
        raise BotFileError(
            str(root), "holds no config.yml and no domain.yml. Make a bot with: trilogue init DIR"
        )
    faults = Faults(root)
    bot = Bot(root=root)
    config = root / "config.yml"
    if config.exists() and (file := read_yaml(config, faults)):
        bot.files.append(config)
        if isinstance(file.data, Mapping):
            bot.config = read_config(file)
        elif file.data is not None:
            faults.add("config.yml:1", f"must be keys and values, not {kind(file.data)}.")
    for path in yaml_files(root):
        if file := read_yaml(path, faults):
            _read_sections(file, bot, is_test=path.name.startswith("test_"))
            bot.files.append(path)
    if validate and not faults.found:
        check_names(bot, faults)
    faults.raise_all()
    bot.notices = faults.notices
    return bot


def yaml_files(root: Path) -> Iterator[Path]:
    """Yield the files that may hold training data, the domain first."""
    special = {
        "config.yml", "endpoints.yml", "credentials.yml", "markers.yml", "failed_test_stories.yml",
    }  # fmt: skip
    found = [
        path
        for path in sorted([*root.rglob("*.yml"), *root.rglob("*.yaml")])
        if path.name not in special
        and not any(
            part in _SKIPPED_FOLDERS or part.startswith(".")
            for part in path.relative_to(root).parts[:-1]
        )
    ]
    yield from sorted(
        found, key=lambda path: not path.relative_to(root).parts[0].startswith("domain")
    )


def _read_sections(file: YamlFile, bot: Bot, *, is_test: bool) -> None:
    if file.data is None:
        return
    if not isinstance(file.data, Mapping):
        file.faults.add(f"{file.name}:1", f"must be keys and values, not {kind(file.data)}.")
        return
    ours = [key for key in file.data if key in SECTIONS]
    if not ours and not file.path.is_relative_to(bot.root / "data"):
        return  # some other YAML that lies in the folder
    for key in file.data:
        if key not in SECTIONS:
            hint = nearest(str(key), SECTIONS)
            file.fault(file.data, f"no section is called {key!r}. {hint}", key=key)
    read_nlu(file, bot.held_out if is_test else bot.data)
    read_responses(file, bot.domain)
    read_domain(file, bot.domain)
    bot.rules += read_rules(file)
    (bot.tests if is_test else bot.stories).extend(read_stories(file))


def read_test_stories(path: Path, root: Path) -> list[Story]:
    """Read test conversations from a file, or from all YAML files of a folder.

    Raises:
        BotFilesError: All faults of the files.
    """
    faults = Faults(root)
    paths = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
    stories: list[Story] = []
    for each in paths:
        if (file := read_yaml(each, faults)) and isinstance(file.data, Mapping):
            stories += read_stories(file)
    faults.raise_all()
    return stories


def read_examples(path: Path, root: Path) -> TrainingData:
    """Read NLU examples from a file, or from all YAML files of a folder.

    Raises:
        BotFilesError: All faults of the files.
    """
    faults = Faults(root)
    data = TrainingData()
    for each in sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]:
        if (file := read_yaml(each, faults)) and isinstance(file.data, Mapping):
            read_nlu(file, data)
    faults.raise_all()
    return data
