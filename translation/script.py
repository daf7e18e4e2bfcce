"""Simplified and traditional Chinese: the models read and write Simplified only."""

from __future__ import annotations

from functools import cache
from typing import Protocol


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _to_simplified() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter


def simplified(text: str) -> str:
    """Return ``text`` with traditional characters replaced by Simplified ones (OpenCC ``t2s``)."""
    return _to_simplified().convert(text)
