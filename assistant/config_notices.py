"""Check the names and options of a pipeline, and tell once what has no meaning here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import nearest
from .files.yaml_file import YamlFile, kind
from .rasa_components import COMPONENTS, POLICIES, Counterpart, OptionKind


def check_components(file: YamlFile) -> None:
    """Look at ``pipeline:`` and ``policies:``; unknown names are faults, the rest are notices."""
    for section, known in (("pipeline", COMPONENTS), ("policies", POLICIES)):
        entries = file.data.get(section)
        if isinstance(entries, list):
            _check(file, section, entries, known)


def _check(file: YamlFile, section: str, entries: Any, known: Mapping[str, Counterpart]) -> None:  # noqa: ANN401
    replaced: dict[str, list[str]] = {}
    for i, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            continue  # pydantic has told it
        path = entry.get("name")
        if not isinstance(path, str) or not path:
            file.fault(entries, f"{section}.{i} needs the name of a component.", key=i)
            continue
        found = known.get(path.split(".")[-1])
        if found is None:
            _check_unknown(file, entry, path, known)
            continue
        _check_values(file, entry, found.options)
        unused = [key for key in entry if key != "name" and key not in found.options]
        if found.by is not None:
            _note(replaced.setdefault(found.by, []), path, unused)
        elif unused:
            file.notice(entry, f"{path}: {', '.join(unused)} {_has(unused)} no meaning here.")
    for by, names in replaced.items():
        file.notice(file.data, f"{by} does the work of {', '.join(names)}.", key=section)


def _check_unknown(
    file: YamlFile, entry: Mapping[str, Any], path: str, known: Mapping[str, Counterpart]
) -> None:
    if "." in path:
        file.notice(entry, f"{path} is a class of your own for Rasa; it is not run here.")
    else:
        what = "policy" if known is POLICIES else "component"
        file.fault(entry, f"no {what} is called {path!r}. {nearest(path, known)}", key="name")


def _check_values(
    file: YamlFile, entry: Mapping[str, Any], options: Mapping[str, OptionKind]
) -> None:
    for key, of in options.items():
        value = entry.get(key)
        wanted = int if of == "whole" else (int, float)
        if (
            of == "any"
            or value is None
            or (isinstance(value, wanted) and not isinstance(value, bool))
        ):
            continue
        number = "a whole number" if of == "whole" else "a number"
        file.fault(entry, f"{key} must be {number}, not {kind(value)}.", key=key)


def _note(names: list[str], path: str, options: list[str]) -> None:
    said = f"{path} ({', '.join(options)})" if options else path
    if said not in names:
        names.append(said)


def _has(options: list[str]) -> str:
    return "has" if len(options) == 1 else "have"
