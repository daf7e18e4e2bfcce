"""``${NAME}`` in a bot's files: values that the environment holds, such as passwords."""

from __future__ import annotations

import os
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

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_BLOCKS = (LiteralScalarString, FoldedScalarString)
_QUOTED = (DoubleQuotedScalarString, SingleQuotedScalarString)
Missing = Callable[[Any, Any, str], None]


def with_environment(node: Any, missing: Missing, *, strict: bool = False) -> Any:  # noqa: ANN401
    """Replace ``${NAME}`` in the texts of a parsed file, in place.

    As in Rasa a plain text must find its variable. A quoted text keeps the mark of one that is
    not set, and blocks of text (``|``) are left alone.

    Args:
        node: A part of the file.
        missing: Called with a parent, a key and a name that the environment lacks.
        strict: Whether quoted texts too must find their variables.
    """
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            node[key] = _filled(node, key, value, missing, strict)
    elif isinstance(node, CommentedSeq):
        for i, value in enumerate(node):
            node[i] = _filled(node, i, value, missing, strict)
    return node


def _filled(parent: Any, key: Any, value: Any, missing: Missing, strict: bool) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        return with_environment(value, missing, strict=strict)
    if "${" not in value or isinstance(value, _BLOCKS):
        return value
    for name in _VARIABLE.findall(value):
        if name not in os.environ and (strict or not isinstance(value, _QUOTED)):
            missing(parent, key, name)
    return _VARIABLE.sub(lambda match: os.environ.get(match[1], match[0]), value)
