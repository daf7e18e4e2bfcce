"""Read JSON with the line of each part, so that a fault can be found in the file."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class JsonText:
    """A JSON text whose arrays and objects are walked part by part."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, position: int) -> int:
        """Line of a position, from 1."""
        return bisect_right(self._lines, position)

    def begins_with(self, mark: str, position: int = 0) -> bool:
        """Whether the value at a position begins with ``[`` or ``{``."""
        return self.text.startswith(mark, self._skip(position))

    def items(self, position: int = 0) -> Iterator[tuple[int, Any]]:
        """Yield the line and the value of each item of the array at a position.

        Raises:
            JSONDecodeError: The text is damaged.
        """
        at = self._skip(position) + 1
        while not self.text.startswith("]", at := self._skip(at)):
            value, end = _DECODER.raw_decode(self.text, at)
            yield self.line(at), value
            at = self._comma(end, "]")

    def members(self, position: int = 0) -> Iterator[tuple[str, int]]:
        """Yield each key of the object at a position, and the position of its value.

        Raises:
            JSONDecodeError: The text is damaged.
        """
        at = self._skip(position) + 1
        while not self.text.startswith("}", at := self._skip(at)):
            key, end = _DECODER.raw_decode(self.text, at)
            at = self._skip(end)
            if not self.text.startswith(":", at):
                raise json.JSONDecodeError("Expecting ':' delimiter", self.text, at)
            at = self._skip(at + 1)
            yield str(key), at
            _, end = _DECODER.raw_decode(self.text, at)
            at = self._comma(end, "}")

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _comma(self, at: int, closing: str) -> int:
        """Step over the comma behind a part; leave the closing mark for the caller."""
        at = self._skip(at)
        if self.text.startswith(",", at):
            return at + 1
        if not self.text.startswith(closing, at):
            raise json.JSONDecodeError("Expecting ',' delimiter", self.text, at)
        return at
