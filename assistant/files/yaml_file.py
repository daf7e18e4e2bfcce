"""Read YAML with line numbers; what has the wrong type or a wrong name is noted as a fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from assistant.errors import nearest

from .environment import with_environment
from .faults import Faults
from .quick_yaml import UnusualYamlError, parse_quickly

__all__ = [
    "Faults", "YamlFile", "kind", "name_of", "parse_yaml", "plain", "read_settings_file",
    "read_yaml",
]  # fmt: skip

_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


class YamlFile:
    """One parsed file: its data and where each part of it stands."""

    def __init__(self, path: Path, data: Any, faults: Faults) -> None:  # noqa: ANN401
        self.path = path
        self.data = data
        self.faults = faults
        self.name = name_of(path, faults)

    def where(self, node: Any, key: Any = None) -> str:  # noqa: ANN401
        """Return ``file:line`` of a mapping, a list, or one of their entries."""
        marks = getattr(node, "lc", None)
        if marks is None:
            return self.name
        line = marks.line
        if key is not None and marks.data and key in marks.data:
            line = marks.data[key][0]
        return f"{self.name}:{(line or 0) + 1}"

    def fault(self, node: Any, what: str, *, key: Any = None) -> None:  # noqa: ANN401
        """Note a fault at a node or at one of its keys."""
        self.faults.add(self.where(node, key), what)

    def notice(self, node: Any, what: str, *, key: Any = None) -> None:  # noqa: ANN401
        """Tell something about a node or one of its keys that stops nothing."""
        self.faults.notice(self.where(node, key), what)

    def miss_variable(self, parent: Any, key: Any, name: str) -> None:  # noqa: ANN401
        """Note a ``${NAME}`` that the environment does not hold."""
        self.fault(parent, f"the environment variable {name} is not set. Set it first.", key=key)

    def mapping(
        self,
        node: Any,  # noqa: ANN401
        what: str,
        *,
        known: Iterable[str] = (),
        lenient: bool = False,
        place: tuple[Any, Any] | None = None,
    ) -> Mapping[str, Any]:
        """Return ``node`` if it is a mapping with only ``known`` keys; else note faults.

        Args:
            node: The value.
            what: It is, in words.
            known: The keys that it may have; any when empty.
            lenient: Whether Rasa lets other keys pass: those that resemble no known one are then
                a notice.
            place: The parent and the key where it stands, for values without a line of their own.
        """
        if not isinstance(node, Mapping):
            parent, key = place or (node, None)
            what = f"{what} must be a mapping of keys to values, not {kind(node)}."
            self.fault(parent, what, key=key)
            return {}
        allowed = set(known)
        for key in node:
            if allowed and key not in allowed:
                self._tell_key(node, what, str(key), allowed, lenient=lenient)
        return node

    def _tell_key(
        self, node: Any, what: str, key: str, allowed: set[str], *, lenient: bool  # noqa: ANN401
    ) -> None:  # fmt: skip
        if lenient and not get_close_matches(key, allowed, n=1):
            self.notice(node, f"{what} has no key {key!r}; it has no meaning here.", key=key)
        else:
            self.fault(node, f"{what} has no key {key!r}. {nearest(key, allowed)}", key=key)

    def sequence(self, parent: Any, key: str, what: str) -> Sequence[Any]:  # noqa: ANN401
        """Return the list at ``parent[key]``; a missing one is empty, another type a fault."""
        node = parent.get(key)
        if node is None:
            return []
        if not isinstance(node, Sequence) or isinstance(node, str):
            self.fault(parent, f"{what} must be a list, not {kind(node)}.", key=key)
            return []
        return node

    def names_at(self, parent: Any, key: str) -> tuple[str, ...]:  # noqa: ANN401
        """Return the one name or the names at ``parent[key]``; none when it is missing."""
        node = parent.get(key)
        if node is None:
            return ()
        several = [node] if isinstance(node, str) else node
        if not isinstance(several, Sequence) or any(
            isinstance(each, (Mapping, list)) for each in several
        ):
            self.fault(
                parent, f"{key} must be a name or a list of names, not {kind(node)}.", key=key
            )
            return ()
        return tuple(str(each) for each in several)

    def name_at(self, parent: Any, key: str) -> str | None:  # noqa: ANN401
        """Return the name at ``parent[key]``, or ``None`` when it is missing."""
        node = parent.get(key)
        if isinstance(node, (Mapping, list, bool)):
            self.fault(parent, f"{key} must be a name, not {kind(node)}.", key=key)
            return None
        return None if node is None else str(node)

    def text_at(self, parent: Any, key: str) -> str | None:  # noqa: ANN401
        """Return the text at ``parent[key]``, or ``None`` when the key is missing."""
        if key not in parent:
            return None
        node = parent[key]
        if node is None or isinstance(node, (Mapping, list, bool)):
            self.fault(parent, f"{key} must be a text, not {kind(node)}.", key=key)
            return None
        return str(node)

    def flag_at(self, parent: Any, key: str, *, default: bool) -> bool:  # noqa: ANN401
        """Return the truth value at ``parent[key]``, or ``default`` when it is missing."""
        node = parent.get(key, default)
        if node is None or isinstance(node, bool):
            return default if node is None else node
        self.fault(parent, f"{key} must be true or false, not {kind(node)}.", key=key)
        return default

    def number_at(self, parent: Any, key: str, default: float) -> float:  # noqa: ANN401
        """Return the number at ``parent[key]``, or ``default`` when it is missing."""
        node = parent.get(key, default)
        if isinstance(node, bool) or not isinstance(node, (int, float)):
            self.fault(parent, f"{key} must be a number, not {kind(node)}.", key=key)
            return default
        return float(node)


def kind(node: Any) -> str:  # noqa: ANN401
    """Name a value's type in words."""
    if node is None:
        return "nothing"
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, str):
        return f"the text {node[:40]!r}"
    if isinstance(node, Sequence):
        return "a list"
    return repr(node)


def read_yaml(path: Path, faults: Faults, *, strict: bool = False) -> YamlFile | None:
    """Read one file; a syntax fault is noted with its line and gives ``None``.

    Args:
        path: The file.
        faults: Takes what is wrong.
        strict: Whether quoted texts too must find their ``${NAME}``.
    """
    text = _text(path, faults)
    if text is None:
        return None
    try:
        file: YamlFile | None = YamlFile(path, parse_quickly(text), faults)
    except UnusualYamlError:
        file = _parse(path, text, faults)
    if file is None:
        return None
    try:
        with_environment(file.data, file.miss_variable, strict=strict)
    except RecursionError:
        faults.add(file.name, "YAML: is nested too deeply.")
        return None
    return file


def parse_yaml(path: Path, faults: Faults) -> YamlFile | None:
    """Read one file as it is written, with its comments; a fault is noted and gives ``None``."""
    text = _text(path, faults)
    return None if text is None else _parse(path, text, faults)


def _text(path: Path, faults: Faults) -> str | None:
    name = name_of(path, faults)
    try:
        return _SURROGATES.sub(_character, path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        faults.add(f"{name}:{line}", "is not UTF-8 text. Save the file as UTF-8.")
    except OSError as error:
        faults.add(name, f"cannot be read: {error.strerror}.")
    return None


def _character(pair: re.Match[str]) -> str:
    """The character that a JSON writer put as two escapes, which YAML does not know."""
    return bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")


def _parse(path: Path, text: str, faults: Faults) -> YamlFile | None:
    name = name_of(path, faults)
    loader = YAML(typ="rt")
    loader.allow_duplicate_keys = False
    loader.preserve_quotes = True
    try:
        return YamlFile(path, loader.load(text), faults)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        faults.add(f"{name}:{line}", f"YAML: {_plain(error)}")
    except (YAMLError, ValueError, RecursionError) as error:
        faults.add(name, f"YAML: {str(error).splitlines()[0]}")
    return None


def name_of(path: Path, faults: Faults) -> str:
    """Return a path as faults name it: below the bot's folder, where it is there."""
    return str(path.relative_to(faults.root)) if path.is_relative_to(faults.root) else str(path)


def read_settings_file(path: Path, faults: Faults) -> YamlFile | None:
    """Read ``endpoints.yml`` and the like; ``None`` where it is missing or empty.

    Every ``${NAME}`` in it must be set, in quotes too.
    """
    file = read_yaml(path, faults, strict=True) if path.exists() else None
    return None if file is None or file.data is None else file


def _plain(error: MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    text = ", ".join(" ".join(str(part).split()) for part in parts)
    return f"{text}. Check the indentation and the quotes around this line."


def plain(node: Any) -> Any:  # noqa: ANN401
    """Copy parsed YAML into plain dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, str):
        return str(node)
    if isinstance(node, Sequence):
        return [plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else str(node)
