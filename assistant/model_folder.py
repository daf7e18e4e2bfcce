"""A trained bot on disk: ``models/NAME/`` with a manifest, the bot's files, and its models.

The manifest holds a SHA-256 of every file, checked when a model is loaded, and a fingerprint of
what each part was trained on, so that an unchanged part is not trained again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ModelError

if TYPE_CHECKING:
    from .bot import Bot

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(kw_only=True)
class Manifest:
    """What a model folder holds.

    Attributes:
        format: Number of this layout.
        trilogue: Version that trained it.
        parts: Fingerprint of what each part was trained on, by part.
        files: SHA-256 of each file, by relative path.
    """

    format: int = FORMAT
    trilogue: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def trilogue_version() -> str:
    """The installed version."""
    try:
        return version("trilogue")
    except PackageNotFoundError:
        return "0.0.0"


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seal(folder: Path, parts: dict[str, str]) -> None:
    """Write the manifest of a finished model folder."""
    files = {
        str(path.relative_to(folder)): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = Manifest(trilogue=trilogue_version(), parts=parts, files=files)
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read a model folder's manifest.

    Raises:
        ModelError: It is missing, damaged, or of another format.
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**data)
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: is no model. Train one: trilogue train") from error
    except (ValueError, TypeError) as error:
        raise ModelError(f"{path}: is damaged ({error}). Train again: trilogue train") from error
    if manifest.format != FORMAT:
        raise ModelError(
            f"{folder}: was made in format {manifest.format}, this version reads {FORMAT}. "
            "Train again: trilogue train"
        )
    return manifest


def check_files(folder: Path) -> Manifest:
    """Check every file of a model against its SHA-256.

    Raises:
        ModelError: Names the first file that is missing or changed.
    """
    manifest = read_manifest(folder)
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ModelError(f"{folder}: the manifest names a file outside: {name!r}.")
        if not path.is_file():
            raise ModelError(f"{path}: is missing. Train again: trilogue train --force")
        if sha256(path) != digest:
            raise ModelError(
                f"{path}: is damaged (its SHA-256 differs). Train again: trilogue train --force"
            )
    return manifest


def newest_model(models: Path) -> Path:
    """Return the newest finished model below a folder, or the folder itself if it is one.

    Raises:
        ModelError: There is none.
    """
    if (models / MANIFEST).exists():
        return models
    found = list(models.glob(f"*/{MANIFEST}"))
    if not found:
        raise ModelError(f"{models}: holds no trained model. Train one: trilogue train")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path)).parent


def files_to_keep(bot: Bot) -> list[Path]:
    """What a model keeps of a bot's folder: the files that it was read from, and its Python."""
    actions = [path for path in sorted(bot.root.glob("actions/**/*")) if not _is_made(path)]
    extra = [*actions, bot.root / "actions.py", bot.root / "endpoints.yml", *slot_code(bot)]
    return [path for path in dict.fromkeys([*bot.files, *extra]) if path.is_file()]


def slot_code(bot: Bot) -> list[Path]:
    """The Python files of slot classes of the bot's own: ``addons`` of ``addons.slots.Count``."""
    tops = {slot.type.split(".")[0] for slot in bot.domain.slots.values() if slot.is_custom}
    found: list[Path] = []
    for top in sorted(filter(str.isidentifier, tops)):
        found += [bot.root / f"{top}.py", *sorted(bot.root.glob(f"{top}/**/*.py"))]
    return [path for path in found if path.is_file() and not _is_made(path)]


def copy_bot_files(bot: Bot, target: Path) -> None:
    """Copy what a model keeps of a bot's folder into the model."""
    for path in files_to_keep(bot):
        if path.is_relative_to(bot.root):
            place = target / path.relative_to(bot.root)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)


def _is_made(path: Path) -> bool:
    """Whether Python made it, to read its code faster."""
    return "__pycache__" in path.parts
