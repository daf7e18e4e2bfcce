"""The bot has no answer: say so, ask what was meant, ask for other words.

Semantics follow Rasa's ``ActionDefaultFallback``, ``ActionDefaultAskAffirmation``,
``ActionDefaultAskRephrase`` and ``ActionRevertFallbackEvents``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from assistant.messages import Button, Reply

from ..applied_events import applied_events
from ..events import ActionDone, Event, Rewound, UserSaid
from ..outcome import Outcome
from ..tracker import LISTEN, Tracker
from .acting import Acting

FALLBACK_INTENT = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
DEFAULT_FALLBACK = "action_default_fallback"
ASK_AFFIRMATION = "action_default_ask_affirmation"
ASK_REPHRASE = "action_default_ask_rephrase"


async def default_fallback(acting: Acting) -> Outcome:
    """Generate an answer or say ``utter_default``; the message is taken back."""
    said = await acting.generate() if acting.generates else acting.say("utter_default")
    return Outcome(events=[Rewound()], replies=said.replies)


async def ask_affirmation(acting: Acting) -> Outcome:
    """Ask whether the most probable intent was meant, with buttons for yes and no."""
    intent = acting.tracker.intent
    parse = acting.tracker.latest.parse_data if acting.tracker.latest else {}
    ranking = parse.get("intent_ranking") or []
    if intent == FALLBACK_INTENT and len(ranking) > 1:
        intent = ranking[1].get("name")
    asked = Reply(
        text=f"Did you mean '{intent}'?",
        buttons=(
            Button(title="Yes", payload=f"/{intent}"),
            Button(title="No", payload=f"/{OUT_OF_SCOPE}"),
        ),
        language=acting.language,
        source="fallback",
        name=ASK_AFFIRMATION,
    )
    return Outcome(replies=[asked])


async def ask_rephrase(acting: Acting) -> Outcome:
    """Say ``utter_ask_rephrase``."""
    return acting.say("utter_ask_rephrase")


async def revert_fallback_events(acting: Acting) -> Outcome:
    """Take back what was asked, and go on as if the user had been understood at once."""
    last = _last_actions(acting.tracker)
    rephrased = last[:1] == [ASK_REPHRASE]
    if not rephrased and last[:1] != [ASK_AFFIRMATION]:
        return Outcome()
    events: list[Event] = []
    if not rephrased:  # the affirmation and its question, then the message that it was about
        events += [Rewound(), Rewound(), ActionDone(name=LISTEN)]
    if rephrased or last[1:2] == [ASK_REPHRASE]:
        events += [Rewound(), Rewound(), Rewound(), ActionDone(name=LISTEN)]
    return Outcome(events=[*events, clarified(acting.tracker)])


def clarified(tracker: Tracker) -> UserSaid:
    """The last message as one that was surely understood."""
    said = tracker.latest or UserSaid()
    intent = {**(said.parse_data.get("intent") or {}), "confidence": 1.0}
    parse = {**said.parse_data, "intent": intent}
    again = UserSaid(text=said.text, parse_data=parse)  # for its time
    return replace(said, parse_data=parse, timestamp=again.timestamp)


def _last_actions(tracker: Tracker) -> Sequence[str]:
    """The last two actions but for listening, the latest first."""
    names = (
        event.name
        for event in reversed(applied_events(tracker.events))
        if isinstance(event, ActionDone) and event.name != LISTEN
    )
    return list(islice(names, 2))
