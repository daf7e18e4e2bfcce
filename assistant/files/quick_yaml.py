"""Parse YAML with libyaml into the trees that ruamel gives, about ten times as fast.

Whatever is unusual (tags, merge keys, keys that stand twice, faults) is left to ruamel, which also
words the faults. Plain scalars mean what YAML 1.2 says: ``yes`` is a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
)

_STANDARD = "tag:yaml.org,2002:"
_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?([0-9]+\.[0-9]*([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.[0-9]+)")
_RARE = re.compile(r"[-+]?(0[box][0-9a-fA-F_]+|[0-9][0-9_]*_[0-9_.]*|\.(inf|nan))", re.IGNORECASE)
_EXPLICIT_TAG = re.compile(r"!!\w")
_QUOTED: dict[str, Callable[[str], str]] = {
    '"': DoubleQuotedScalarString,
    "'": SingleQuotedScalarString,
    "|": LiteralScalarString,
    ">": FoldedScalarString,
}


class UnusualYamlError(Exception):
    """The text holds something that is left to ruamel."""


def parse_quickly(text: str) -> Any:  # noqa: ANN401
    """Return the tree of one document, with the line of every part.

    Raises:
        UnusualYamlError: Ruamel should read the text instead.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", None)
    if loader is None or _EXPLICIT_TAG.search(text):
        raise UnusualYamlError
    try:
        root = yaml.compose(text, Loader=loader)
        return None if root is None else _Builder().build(root)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnusualYamlError from error


class _Builder:
    """Turns libyaml's nodes into values; an alias gives the value of its anchor."""

    def __init__(self) -> None:
        self._built: dict[int, Any] = {}

    def build(self, node: Any) -> Any:  # noqa: ANN401
        if not node.tag.startswith(_STANDARD):
            raise UnusualYamlError
        if node.id == "scalar":
            return _scalar(node)
        key = id(node)
        if key not in self._built:
            self._built[key] = self._sequence(node) if node.id == "sequence" else self._map(node)
        return self._built[key]

    def _sequence(self, node: Any) -> CommentedSeq:  # noqa: ANN401
        built = CommentedSeq()
        built.lc.line, built.lc.col = node.start_mark.line, node.start_mark.column
        for i, child in enumerate(node.value):
            built.append(self.build(child))
            built.lc.add_idx_line_col(i, [child.start_mark.line, child.start_mark.column])
        return built

    def _map(self, node: Any) -> CommentedMap:  # noqa: ANN401
        built = CommentedMap()
        built.lc.line, built.lc.col = node.start_mark.line, node.start_mark.column
        for name, child in node.value:
            key = self.build(name) if name.id == "scalar" else None
            if name.id != "scalar" or key in built or key == "<<":
                raise UnusualYamlError
            built[key] = self.build(child)
            begin, value = name.start_mark, child.start_mark
            built.lc.add_kv_line_col(key, [begin.line, begin.column, value.line, value.column])
        return built


def _scalar(node: Any) -> Any:  # noqa: ANN401
    text: str = node.value
    if node.style in _QUOTED:
        return _QUOTED[node.style](text) if "${" in text else text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in "+-.0123456789":
        if _WHOLE.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text):
            return float(text)
        if _RARE.fullmatch(text):
            raise UnusualYamlError
    return text
