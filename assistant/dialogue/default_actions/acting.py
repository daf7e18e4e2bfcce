"""What a default action works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from assistant.domain import Domain

from ..outcome import Outcome
from ..tracker import Tracker


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """One run of a default action.

    Attributes:
        tracker: The conversation; an action changes it by its events only.
        domain: The bot's domain.
        language: The language that the bot's texts are written in.
        say: Says a response; gives nothing where the bot has none of that name.
        run: Runs another action, the bot's own one where it has one of that name.
        extract: Fills slots from the last message.
        generate: Lets the generator answer, or says the response for where it has nothing.
        generates: Whether the bot has a generator.
    """

    tracker: Tracker
    domain: Domain
    language: str
    say: Callable[[str], Outcome]
    run: Callable[[str], Awaitable[Outcome]]
    extract: Callable[[Tracker], Awaitable[Outcome]]
    generate: Callable[[], Awaitable[Outcome]]
    generates: bool = False


DefaultAction = Callable[[Acting], Awaitable[Outcome]]
