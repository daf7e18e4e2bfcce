"""Put a bot's folder together from a configuration, a domain and data that lie elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .errors import BotFileError


@contextmanager
def staged(
    root: Path,
    *,
    config: Path | None = None,
    domain: Path | None = None,
    data: Sequence[Path] = (),
) -> Iterator[Path]:
    """Give the bot's folder, or a temporary copy in which the named files stand in.

    Args:
        root: The bot's folder.
        config: Takes the place of ``config.yml``.
        domain: A file or folder that takes the place of ``domain.yml`` or ``domain/``.
        data: Files or folders that take the place of ``data/``.

    Raises:
        BotFileError: A file that was named does not exist.
    """
    for path in [config, domain, *data]:
        if path is not None and not path.exists():
            raise BotFileError(str(path), "no such file or folder.")
    if config is None and domain is None and not data:
        yield root
        return
    replaced = [
        *(["config.yml"] if config else []),
        *(["domain.yml", "domain"] if domain else []),
        *(["data"] if data else []),
    ]
    left = shutil.ignore_patterns(".*", "__pycache__", "models", "results")
    with TemporaryDirectory(prefix="trilogue-") as folder:
        copy = Path(folder) / root.resolve().name
        shutil.copytree(root, copy, ignore=left)
        for name in replaced:
            _remove(copy / name)
        if config is not None:
            shutil.copy(config, copy / "config.yml")
        if domain is not None:
            _copy(domain, copy / ("domain" if domain.is_dir() else "domain.yml"))
        for path in data:
            _copy(path, copy / "data" / path.resolve().name)
        yield copy


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)
