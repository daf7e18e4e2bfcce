"""A bot's folder, read into one value: configuration, domain, examples, stories, rules, tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .config import Config, read_config
from .domain import DEFAULT_INTENTS, Domain
from .errors import BotFileError
from .files.discovery import YAML_ENDINGS, find_config, find_files, is_bot, training_files
from .files.domain_file import finish_domain, read_domain
from .files.nlu_file import read_nlu
from .files.nlu_json import read_nlu_json
from .files.old_domain import upgrade_domain
from .files.response_file import read_responses
from .files.sections import has_sections
from .files.story_file import read_rules, read_stories
from .files.yaml_file import Faults, YamlFile, kind, read_yaml
from .formats.formats import read_examples as read_foreign
from .formats.layout import Layout
from .stories import Story
from .training_data import TrainingData


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
        return tuple(dict.fromkeys((*self.domain.intents, *DEFAULT_INTENTS)))

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
    if not is_bot(root):
        raise BotFileError(
            str(root), "holds no config.yml and no domain.yml. Make a bot with: trilogue init DIR"
        )
    faults = Faults(root)
    bot = Bot(root=root, domain=Domain(root=root))
    _read_config(bot, faults)
    _read_files(bot, faults)
    bot.data.drop_repeats()
    keyed = [name.removeprefix("utter_") for name in bot.domain.responses if "/" in name]
    keyed += [example.intent for example in bot.data.examples if "/" in example.intent]
    finish_domain(bot.domain, retrieval={name.split("/", 1)[0] for name in keyed})
    if validate and not faults.found:
        check_names(bot, faults)
    faults.raise_all()
    bot.notices = faults.notices
    return bot


def _read_config(bot: Bot, faults: Faults) -> None:
    path = find_config(bot.root)
    if path is None or (file := read_yaml(path, faults)) is None:
        return
    bot.files.append(path)
    if isinstance(file.data, Mapping):
        bot.config = read_config(file)
    elif file.data is not None:
        faults.add(f"{file.name}:1", f"must be keys and values, not {kind(file.data)}.")


def _read_files(bot: Bot, faults: Faults) -> None:
    """Read everything but the configuration; old domains are brought into the new shape first."""
    paths = find_files(bot.root, bot.config.imports)
    trained: list[YamlFile] = []
    data = bot.root / "data"

    def sure(path: Path) -> bool:
        return path in paths.domain or path.is_relative_to(data)

    for path in [*paths.domain, *paths.data]:
        if path.suffix == ".json":
            bot.files += read_nlu_json(path, faults, bot.data)
        elif (file := read_yaml(path, faults)) and has_sections(file, must=sure(path)):
            trained.append(file)
    _upgrade(trained, faults)
    for file in trained:
        bot.files.append(file.path)
        read_responses(file, bot.domain)
        read_domain(file, bot.domain)
        read_nlu(file, bot.data)
        bot.rules += read_rules(file)
        bot.stories += read_stories(file)
    for path in paths.tests:
        named = path.name.startswith("test_")
        if (file := read_yaml(path, faults)) and has_sections(file, must=named, typos=named):
            bot.files.append(path)
            read_nlu(file, bot.held_out)
            bot.tests += read_stories(file, is_test=True)
    for path in paths.markdown:
        where = str(path.relative_to(bot.root))
        faults.notice(where, "is not read: Markdown of Rasa 1. Rasa 2 converts it into YAML.")


def _upgrade(files: list[YamlFile], faults: Faults) -> None:
    done = upgrade_domain([file.data for file in files])
    if done:
        changed = next(file for file in files if done.touches(file.data))
        faults.notice(changed.name, f"read as Rasa 3 would, in the format of Rasa 2: {done}. "
                      "To rewrite them: trilogue data migrate")  # fmt: skip


def read_test_stories(path: Path, root: Path) -> list[Story]:
    """Read test conversations from a file, or from all YAML files of a folder.

    Raises:
        BotFilesError: All faults of the files.
    """
    faults = Faults(root)
    stories: list[Story] = []
    for each in training_files(path):
        if each.suffix == ".json":
            continue
        if (file := read_yaml(each, faults)) and isinstance(file.data, Mapping):
            stories += read_stories(file, is_test=True)
    faults.raise_all()
    return stories


def _is_rasa(path: Path) -> bool:
    if path.is_dir():
        return not (path / "seq.in").exists()
    return path.suffix in YAML_ENDINGS or not path.exists()


def read_examples(path: Path, root: Path) -> TrainingData:
    """Read NLU examples to test with: a file, or all YAML and JSON files of a folder.

    Tables, CoNLL columns and the other formats of `formats` are read too; of a CLINC file the
    part ``test``.

    Raises:
        BotFilesError: All faults of the files.
    """
    if not _is_rasa(path):
        return read_foreign(path, layout=Layout(part="test"))
    faults = Faults(root)
    data = TrainingData()
    for each in training_files(path):
        if each.suffix == ".json":
            read_nlu_json(each, faults, data)
        elif (file := read_yaml(each, faults)) and isinstance(file.data, Mapping):
            read_nlu(file, data)
    faults.raise_all()
    return data
