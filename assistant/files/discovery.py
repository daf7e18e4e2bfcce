"""Find a bot's files where Rasa looks for them.

``config.yml``, ``domain.yml`` or the folder ``domain/``, everything below ``data/``, and test
files: any ``test_*``, or what lies in a folder of tests. A bot without ``data/`` is read from all
its YAML files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

YAML_ENDINGS = (".yml", ".yaml")
_SKIPPED_FOLDERS = {
    "models", "results", "actions", "node_modules", "__pycache__", "venv", "env", "build", "dist",
    "original_files", "original_domain",
}  # fmt: skip
_SPECIAL = {"config", "endpoints", "credentials", "markers", "original_domain"}
_REPORTS = {"failed_test_stories", "successful_test_stories", "stories_with_warnings"}
_OLD_MARKDOWN = re.compile(r"^## *(intent|synonym|regex|lookup) *:|^## .+\n+\* ", re.MULTILINE)
"""How examples and stories of Rasa 1 begin."""


@dataclass(kw_only=True)
class BotPaths:
    """Where the files of one bot are.

    Attributes:
        config: ``config.yml``.
        domain: Files that are read first.
        data: YAML and JSON with training data; they may hold domain keys too.
        tests: Files with test conversations and examples that nothing is trained on.
        markdown: Training data of Rasa 1, which is not read.
    """

    config: Path | None = None
    domain: list[Path] = field(default_factory=list)
    data: list[Path] = field(default_factory=list)
    tests: list[Path] = field(default_factory=list)
    markdown: list[Path] = field(default_factory=list)


def find_config(root: Path) -> Path | None:
    """Return ``config.yml`` or ``config.yaml``."""
    return next((p for p in (root / "config.yml", root / "config.yaml") if p.is_file()), None)


def is_bot(root: Path) -> bool:
    """Whether a folder has a configuration or a domain."""
    return find_config(root) is not None or bool(_domain_files(root, _files_below(root)))


def find_files(root: Path, imports: Iterable[str] = ()) -> BotPaths:
    """Find the files of the bot in ``root``.

    Args:
        root: The bot's folder.
        imports: Folders of other bots below it, as in the ``imports:`` of a configuration.
    """
    every = [path for path in _files_below(root) if not _is_special(path.relative_to(root))]
    found = BotPaths(config=find_config(root), domain=_domain_files(root, every))
    has_data = (root / "data").is_dir()
    imported = [(root / name).resolve() for name in imports]
    for path in every:
        inside = path.relative_to(root).parts[0] == "data" and len(path.relative_to(root).parts) > 1
        if path in found.domain:
            continue
        if path.suffix in YAML_ENDINGS and _is_test(path.relative_to(root), inside=inside):
            found.tests.append(path)
        elif inside and path.suffix == ".json":
            found.data.append(path)
        elif inside and path.suffix == ".md" and _OLD_MARKDOWN.search(_beginning(path)):
            found.markdown.append(path)
        elif path.suffix in YAML_ENDINGS and (
            inside or not has_data or any(path.resolve().is_relative_to(at) for at in imported)
        ):
            found.data.append(path)
    return found


def training_files(path: Path) -> list[Path]:
    """Return a file itself, or the YAML and JSON files below a folder."""
    if not path.is_dir():
        return [path]
    return [each for each in _files_below(path) if each.suffix in (*YAML_ENDINGS, ".json")]


def _files_below(root: Path) -> list[Path]:
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(
            name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith(".")
        )
        found += [Path(folder, name) for name in sorted(files)]
    return found


def _domain_files(root: Path, every: Iterable[Path]) -> list[Path]:
    single = [p for p in (root / "domain.yml", root / "domain.yaml") if p.is_file()]
    below = root / "domain"
    return single + [p for p in every if p.is_relative_to(below) and p.suffix in YAML_ENDINGS]


def _is_special(path: Path) -> bool:
    return path.stem in _REPORTS or (path.stem in _SPECIAL and path.parts[0] != "data")


def _beginning(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(10_000)


def _is_test(path: Path, *, inside: bool) -> bool:
    if path.name.startswith("test_"):
        return True
    folders = path.parts[:-1]
    return not inside and any(name == "tests" or name.startswith("test_") for name in folders)
