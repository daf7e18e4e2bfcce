"""Duckling in this process: the Haskell library, compiled into a Python module.

The package is ``pyduckling-native-phihos``. Loading takes 0.1 s and 40 MB, so it is loaded when
a bot that needs it is.
"""

from __future__ import annotations

import ctypes
import importlib.resources
import os
import shutil
import signal
import tempfile
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .chinese_values import chinese_matches, readable
from .duckling_match import DucklingError, Match, Question
from .options import DIMENSIONS

_MOST_CHARACTERS = 600  # the time grows with the square of the length
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class LocalDuckling:
    """Duckling in this process.

    Raises:
        DucklingError: The package is not installed.
    """

    def __init__(self) -> None:
        if not is_installed():
            raise DucklingError(
                "the package pyduckling-native-phihos is not installed. "
                'Install it: pip install "trilogue[duckling]", or name the url of a Duckling server'
            )
        self._module = _module()

    def parse(self, question: Question) -> list[Match]:
        """Return the matches; of a long text the beginning is read."""
        text = question.text[:_MOST_CHARACTERS].replace("\0", " ")
        wanted = question.dimensions or DIMENSIONS
        if question.locale[:2].lower() == "zh":
            matches = self._chinese(text, question, wanted)
        else:
            matches = self._matches(text, question, question.locale, wanted)
        return [
            {**match, "body": text[match["start"] : match["end"]]}
            for match in matches
            if match["dim"] in wanted
        ]

    def _chinese(self, text: str, question: Question, wanted: Sequence[str]) -> list[Match]:
        known = readable(text)
        amounts = None
        if "amount-of-money" in wanted:
            amounts = self._matches(known, question, "en_US", ["amount-of-money"])
            wanted = [*wanted, "number"]  # 100 of "100美元" is but a number to Duckling
        matches = self._matches(known, question, question.locale, sorted(set(wanted)))
        return chinese_matches(text, matches, amounts, question.moment)

    def _matches(
        self, text: str, question: Question, locale: str, dimensions: Sequence[str]
    ) -> list[Match]:
        duckling = self._module
        language = duckling.parse_lang(locale[:2].upper())
        place = duckling.parse_locale(locale, duckling.default_locale_lang(language))
        moment = duckling.parse_ref_time(
            _time_zones(question.timezone), question.timezone, int(question.moment.timestamp())
        )
        context = duckling.Context(moment, place)
        found = duckling.parse(text, context, duckling.parse_dimensions(list(dimensions)), False)
        return [_mended(match) for match in found]


def is_installed() -> bool:
    """Whether the package is there."""
    return find_spec("duckling") is not None


@cache
def _module() -> Any:  # noqa: ANN401 - the module has no types
    with _signals_kept():
        import duckling
    return duckling


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Undo that Haskell's runtime takes the signals: Ctrl-C would end without Python's knowing."""
    library = ctypes.CDLL(None) if os.name == "posix" else None
    kept = {each: ctypes.create_string_buffer(256) for each in _SIGNALS}
    for number, buffer in kept.items():
        if library is not None:
            library.sigaction(int(number), None, buffer)
    yield
    for number, buffer in kept.items():
        if library is not None:
            library.sigaction(int(number), buffer, None)


@cache
def _time_zones(name: str) -> Any:  # noqa: ANN401
    """Load one zone: loading all that a system has takes half a second."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        for root in (Path(each) for each in zoneinfo.TZPATH):
            if (root / name).is_file():
                shutil.copyfile(root / name, copy)
                break
        else:
            if find_spec("tzdata") is not None:
                packaged = importlib.resources.files("tzdata").joinpath("zoneinfo", name)
                copy.write_bytes(packaged.read_bytes())
        return _module().load_time_zones(folder)


def _mended(value: Any) -> Any:  # noqa: ANN401
    """Read texts anew as UTF-8: the module gives each byte as a character."""
    if isinstance(value, dict):
        return {key: _mended(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, str):
        return value.encode("latin-1", "replace").decode("utf-8", "replace")
    return value
