"""Every default action by its name; a bot's own action of the same name stands in its place."""

from __future__ import annotations

from ..events import LoopActive, SlotSet
from ..outcome import Outcome
from ..tracker import LISTEN
from .acting import Acting, DefaultAction
from .fallback import (
    ASK_AFFIRMATION,
    ASK_REPHRASE,
    DEFAULT_FALLBACK,
    ask_affirmation,
    ask_rephrase,
    default_fallback,
    revert_fallback_events,
)
from .session import back, restart, start_session
from .two_stage_fallback import TWO_STAGE_FALLBACK, two_stage_fallback

SESSION_START = "action_session_start"
RESTART = "action_restart"
EXTRACT_SLOTS = "action_extract_slots"


async def _nothing(_acting: Acting) -> Outcome:
    """It marks a place in the conversation; policies and rules speak of it."""
    return Outcome()


async def _deactivate_loop(_acting: Acting) -> Outcome:
    return Outcome(events=[LoopActive(name=None), SlotSet(name="requested_slot")])


async def _extract_slots(acting: Acting) -> Outcome:
    return await acting.extract(acting.tracker)


async def _generate_reply(acting: Acting) -> Outcome:
    return await acting.generate()


DEFAULTS: dict[str, DefaultAction] = {
    LISTEN: _nothing,
    SESSION_START: start_session,
    RESTART: restart,
    "action_back": back,
    DEFAULT_FALLBACK: default_fallback,
    ASK_AFFIRMATION: ask_affirmation,
    ASK_REPHRASE: ask_rephrase,
    "action_revert_fallback_events": revert_fallback_events,
    TWO_STAGE_FALLBACK: two_stage_fallback,
    "action_deactivate_loop": _deactivate_loop,
    "action_unlikely_intent": _nothing,
    EXTRACT_SLOTS: _extract_slots,
    "action_generate_reply": _generate_reply,
}
