"""Duckling's own server: ``POST /parse`` with a form, as Rasa sends it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from .duckling_match import DucklingError, Match, Question

REST = 10.0


class DucklingServer:
    """Asks a Duckling server; after a failure it is left alone for ten seconds.

    Args:
        url: Its address, without ``/parse``.
        timeout: Seconds that it may take.
        clock: Seconds that never go back.
    """

    def __init__(
        self, url: str, *, timeout: float = 3.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._clock = clock
        self._silent_until = 0.0
        self._why = ""

    def parse(self, question: Question) -> list[Match]:
        """Return the matches.

        Raises:
            DucklingError: The server does not answer, or not with matches.
        """
        if self._clock() < self._silent_until:
            raise DucklingError(self._why)
        try:
            with urlopen(self._request(question), timeout=self._timeout) as answer:
                found = json.load(answer)
        except (OSError, URLError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise self._failure(f"does not answer: {reason}") from error
        if not isinstance(found, list) or not all(_is_match(each) for each in found):
            raise self._failure("answers with something else than Duckling's matches")
        return found

    def _request(self, question: Question) -> Request:
        form: dict[str, Any] = {
            "text": question.text,
            "locale": question.locale,
            "tz": question.timezone,
            "reftime": int(question.moment.timestamp() * 1000),
        }
        if question.dimensions is not None:
            form["dims"] = json.dumps(question.dimensions)
        return Request(
            f"{self.url}/parse",
            data=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        )

    def _failure(self, what: str) -> DucklingError:
        self._silent_until = self._clock() + REST
        self._why = f"Duckling at {self.url} {what}"
        return DucklingError(self._why)


def _is_match(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("dim"), str)
        and isinstance(value.get("value"), dict)
        and all(isinstance(value.get(key), int) for key in ("start", "end"))
    )
