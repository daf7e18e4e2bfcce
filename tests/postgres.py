"""Start a PostgreSQL server of one's own for tests: a free port, a temporary data folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SERVERS = Path("/usr/lib/postgresql")


def program(name: str) -> str | None:
    """Path of a PostgreSQL program; Debian keeps them outside the search path."""
    found = shutil.which(name)
    newest = sorted(SERVERS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return found or (str(newest[-1]) if newest else None)


def missing(what: str) -> None:
    """Skip where a person runs the tests; fail where a machine must have everything."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing; .ci/run installs it")
    pytest.skip(f"{what} is missing")


@contextmanager
def running_postgres() -> Iterator[str]:
    """Give the SQLAlchemy address of a fresh database while the context is open."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if initdb is None or pg_ctl is None:
        missing("a PostgreSQL server")
    if find_spec("asyncpg") is None:
        missing("the package asyncpg (pip install 'trilogue[postgres]')")
    assert initdb
    assert pg_ctl
    with (
        TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name,
        _server(initdb, pg_ctl, Path(name)) as address,
    ):
        yield address


@contextmanager
def _server(initdb: str, pg_ctl: str, folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _run_as_postgres([initdb, "-D", f"{folder}/data", "-U", "postgres", "-A", "trust"], folder)
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    start = ["-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-o", settings, "start"]
    _run_as_postgres([pg_ctl, *start], folder)
    try:
        yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run_as_postgres([pg_ctl, "-D", f"{folder}/data", "-m", "immediate", "stop"], folder)


def _run_as_postgres(command: list[str], folder: Path) -> None:
    """Run a command; the server refuses to run as root, so root lends it another user."""
    user = None
    if os.geteuid() == 0:
        user = "postgres"
        shutil.chown(folder, user)
    done = subprocess.run(
        command, check=False, user=user, capture_output=True, text=True, cwd=folder, timeout=60
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
