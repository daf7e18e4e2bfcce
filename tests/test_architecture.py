"""The import directions of the house, held by a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "assistant": set(),
    "nlu": {"assistant"},
    "generation": {"assistant"},
    "translation": {"assistant"},
    "deploy": {"assistant"},
    "ui": {"assistant", "deploy"},
}
MODULES = [file for name in MAY_IMPORT for file in sorted((ROOT / name).rglob("*.py"))]


def imported_modules(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_down(module: Path) -> None:
    package = module.relative_to(ROOT).parts[0]
    source = module.read_text(encoding="utf-8")
    ours = {name.split(".")[0] for name in imported_modules(source)} & MAY_IMPORT.keys()

    assert ours - {package} <= MAY_IMPORT[package]
    assert len(source.splitlines()) <= 350


@pytest.mark.parametrize(
    "module",
    [file for file in MODULES if file.is_relative_to(ROOT / "ui")],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_pages_know_the_server_only_by_its_client(module: Path) -> None:
    named = imported_modules(module.read_text(encoding="utf-8"))

    assert {name for name in named if name.startswith("deploy")} <= {"deploy", "deploy.client"}
