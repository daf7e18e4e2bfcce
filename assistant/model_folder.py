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

from .errors import ModelError

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
    found = sorted(path.parent for path in models.glob(f"*/{MANIFEST}"))
    if not found:
        raise ModelError(f"{models}: holds no trained model. Train one: trilogue train")
    return found[-1]


def copy_bot_files(root: Path, files: list[Path], target: Path) -> None:
    """Copy the files that a bot was read from, and its actions, into a model."""
    extra = [*root.glob("actions/*"), root / "actions.py", root / "endpoints.yml"]
    for path in [*files, *extra]:
        if path.is_file() and path.is_relative_to(root):
            place = target / path.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
