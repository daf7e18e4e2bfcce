"""Rewrite the files of a bot of Rasa 2 in the format of Rasa 3.

Domain files whose slots or forms change are written anew with their comments; in all others only
the ``version:`` line changes. Originals are kept.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from assistant.errors import BotFileError

from .discovery import find_files, is_bot
from .old_domain import Upgraded, upgrade_domain
from .sections import SECTIONS
from .yaml_file import Faults, YamlFile, parse_yaml

FORMAT = "3.1"
BACKUP = "original_files"
_VERSION_LINE = re.compile(r"^version:[ \t]*[\"']?(?P<version>[\d.]+)[\"']?", re.MULTILINE)
_INDENTED_LIST = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*\n\1  +- ", re.MULTILINE)


@dataclass(kw_only=True)
class Migration:
    """What a migration did.

    Attributes:
        upgraded: Forms and slots that were in the old shape.
        written: Files that changed, relative to the bot's folder.
        backup: Where their originals are; ``None`` when nothing was overwritten.
    """

    upgraded: Upgraded
    written: list[Path] = field(default_factory=list)
    backup: Path | None = None


def migrate_bot(root: Path, out: Path | None = None) -> Migration:
    """Write a bot's files in format 3.1.

    Args:
        root: The bot's folder.
        out: A new folder for the changed files; ``None`` to change them in place, with the
            originals below ``original_files/``.

    Raises:
        BotFileError: The folder is no bot, there is an earlier backup, or ``out`` holds files.
        BotFilesError: A file cannot be read.
    """
    if not is_bot(root):
        raise BotFileError(str(root), "holds no config.yml and no domain.yml.")
    backup = root / BACKUP
    if out is None and backup.exists():
        raise BotFileError(str(backup), "exists already. Move it away first.")
    if out is not None and out.exists() and any(out.iterdir()):
        raise BotFileError(str(out), "is not empty. Name a new folder.")
    files = _files(root)
    upgraded = upgrade_domain([file.data for file in files])
    texts = {file.path: _new_text(file, upgraded) for file in files}
    changed = {path: text for path, text in texts.items() if text is not None}
    done = Migration(upgraded=upgraded, backup=backup if changed and out is None else None)
    for path, text in changed.items():
        name = path.relative_to(root)
        if out is None:
            (backup / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, backup / name)
        target = path if out is None else out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
        done.written.append(name)
    return done


def _files(root: Path) -> list[YamlFile]:
    faults = Faults(root)
    paths = find_files(root)
    every = [*paths.domain, *paths.data, *paths.tests]
    read = [parse_yaml(path, faults) for path in every if path.suffix != ".json"]
    faults.raise_all()
    return [
        file for file in read
        if file and isinstance(file.data, Mapping) and any(key in SECTIONS for key in file.data)
    ]  # fmt: skip


def _new_text(file: YamlFile, upgraded: Upgraded) -> str | None:
    """The file's text in format 3.1; ``None`` where it is so already."""
    text = file.path.read_text(encoding="utf-8-sig")
    if upgraded.touches(file.data):
        return _written(file.data, text)
    version = _VERSION_LINE.search(text)
    if version is None or version["version"].startswith("3"):
        return None
    return f'{text[: version.start()]}version: "{FORMAT}"{text[version.end() :]}'


def _written(tree: CommentedMap, like: str) -> str:
    """Write a changed tree, its lists indented as in the original."""
    newest = DoubleQuotedScalarString(FORMAT)
    if "version" in tree:
        tree["version"] = newest
    else:
        tree.insert(0, "version", newest)
    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = 10_000
    if _INDENTED_LIST.search(like):
        writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()
