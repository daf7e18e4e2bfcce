"""DucklingEntityExtractor: dates, amounts, numbers, e-mails and more, by Duckling.

A server that is named is asked; where it does not answer, and where none is named, Duckling in
this process reads. Without either a warning says so once, and the message goes on without.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from assistant.messages import Entity

from .duckling_local import LocalDuckling
from .duckling_match import Duckling, DucklingError, Question, entities_of
from .duckling_server import DucklingServer
from .options import DucklingOptions
from .step import Message

log = logging.getLogger(__name__)
URL_VARIABLE = "RASA_DUCKLING_HTTP_URL"


def now() -> datetime:
    """The present moment."""
    return datetime.now(tz=timezone.utc)


class DucklingExtractor:
    """Finds values with parts.

    Args:
        options: Of the component.
        language: The bot's own.
        sources: Who is asked, in this order.
        clock: What time it is.
    """

    def __init__(
        self,
        options: DucklingOptions,
        language: str,
        sources: Sequence[Duckling],
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._options = options
        self._language = language
        self._sources = sources
        self._clock = clock
        self._told: set[str] = set()

    @classmethod
    def of(cls, options: DucklingOptions, language: str) -> DucklingExtractor:
        """Choose who is asked; the environment's address goes before the bot's, as in Rasa."""
        sources: list[Duckling] = []
        url = os.environ.get(URL_VARIABLE) or options.url
        if url:
            sources.append(DucklingServer(url, timeout=options.timeout))
        try:
            local = LocalDuckling()
        except DucklingError as error:
            if not url:
                log.warning("%s: %s", options.name, error)
        else:
            local.parse(Question("1", "en_EN", options.zone, now(), None))  # the first takes longer
            sources.append(local)
        return cls(options, language, sources)

    def process(self, message: Message, found: Sequence[Entity]) -> list[Entity]:
        """Add the values that Duckling finds."""
        question = self._question(message)
        for source in self._sources:
            try:
                matches = source.parse(question)
            except DucklingError as error:
                self._warn(str(error))
            else:
                return [*found, *entities_of(matches, message.text, self._options.name)]
        return list(found)

    def _question(self, message: Message) -> Question:
        fixed = self._options.reftime
        moment = datetime.fromisoformat(fixed) if fixed else self._clock()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self._options.zone))
        return Question(
            text=message.text,
            locale=self._locale(message.language),
            timezone=self._options.zone,
            moment=moment,
            dimensions=self._options.dimensions,
        )

    def _locale(self, language: str) -> str:
        """The bot's locale; for another language than the bot's, that language."""
        spoken = language.partition("-")[0]
        if self._options.locale and spoken == self._language.partition("-")[0]:
            return self._options.locale
        return "zh_CN" if spoken == "zh" else f"{spoken}_{spoken.upper()}"

    def _warn(self, what: str) -> None:
        if what not in self._told:
            self._told.add(what)
            other = len(self._sources) > 1
            rest = "Duckling in this process reads instead" if other else "the turn goes on without"
            log.warning("%s; %s", what, rest)
