"""Ask what was meant, then for other words, then give up: a loop of at most three questions.

| the user | the bot |
|---|---|
| is not understood | asks "Did you mean …?" with buttons for yes and no |
| says no | asks for other words |
| is not understood again | asks "Did you mean …?" once more |
| says no again, or is not understood twice in a row | gives up: ``action_default_fallback`` |
| affirms, or says something that is understood | goes on as if that had been said at once |

Semantics follow Rasa's ``TwoStageFallbackAction``. Other than there, slots that the clear message
filled are kept.
"""

from __future__ import annotations

from itertools import islice

from ..events import ActionDone, Event, LoopActive, Restarted, Rewound, SlotSet, UserSaid
from ..outcome import Outcome
from ..tracker import LISTEN, Tracker
from .acting import Acting
from .fallback import (
    ASK_AFFIRMATION,
    ASK_REPHRASE,
    DEFAULT_FALLBACK,
    FALLBACK_INTENT,
    OUT_OF_SCOPE,
    clarified,
)

TWO_STAGE_FALLBACK = "action_two_stage_fallback"


async def two_stage_fallback(acting: Acting) -> Outcome:
    """Run one stage of the loop."""
    tracker = acting.tracker
    opens = tracker.loop != TWO_STAGE_FALLBACK
    opening: list[Event] = [LoopActive(name=TWO_STAGE_FALLBACK)] if opens else []
    if _has_failed(tracker):
        said = await acting.run(DEFAULT_FALLBACK)
        return Outcome(events=[*opening, LoopActive(name=None), *said.events], replies=said.replies)
    if tracker.intent not in (FALLBACK_INTENT, OUT_OF_SCOPE):
        return Outcome(events=[*opening, LoopActive(name=None), *_gone_on(tracker)])
    affirms = opens or tracker.intent == FALLBACK_INTENT
    asked = await acting.run(ASK_AFFIRMATION if affirms else ASK_REPHRASE)
    return Outcome(events=[*opening, *asked.events], replies=asked.replies)


def _has_failed(tracker: Tracker) -> bool:
    """Whether two messages in a row, or two guesses, were wrong."""
    return _last_intents(tracker, 2) == [FALLBACK_INTENT] * 2 or _last_intents(tracker, 3) == [
        OUT_OF_SCOPE, FALLBACK_INTENT, OUT_OF_SCOPE,
    ]  # fmt: skip


def _last_intents(tracker: Tracker, count: int) -> list[str | None]:
    """Intents among the last messages and rewinds since a restart, the latest first."""
    found: list[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, Restarted):
            break
        if isinstance(event, (UserSaid, Rewound)):
            found.append(event)
    said = (event for event in islice(found, count) if isinstance(event, UserSaid))
    return [(event.parse_data.get("intent") or {}).get("name") for event in said]


def _gone_on(tracker: Tracker) -> list[Event]:
    """The message that was not understood is taken back; the clear one stands in its place."""
    slots: list[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserSaid):
            break
        if isinstance(event, SlotSet):
            slots.insert(0, event)
    return [Rewound(), ActionDone(name=LISTEN), clarified(tracker), *slots]
