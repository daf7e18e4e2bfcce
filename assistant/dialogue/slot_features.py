"""What of a slot's value the policies see, by the slot's type.

Source: Rasa's ``rasa.shared.core.slots``; the numbers are the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.domain import Slot

from .slot_types import custom_feature

Feature = tuple[float, ...]
OTHER = "__other__"


def slot_feature(slot: Slot, value: Any, root: Path = Path()) -> Feature | None:  # noqa: ANN401
    """Return the numbers that stand for a value; ``None`` where the slot counts as unset.

    ========== ==============================================================
    text       1: it is set
    bool       1, and 1 for true or 0 for false
    float      1, and the value scaled into [0, 1] by min_value and max_value
    list       1: it holds something
    categorical one number for each value and one for any other
    any        nothing
    a class    what its ``as_feature`` says; it is found in the bot's folder ``root``
    ========== ==============================================================
    """
    if value is None or not slot.influences:
        return None
    if slot.is_custom:
        found = custom_feature(slot, value, root)
    else:
        found = _FEATURES.get(slot.type, _nothing)(slot, value)
    return found if any(found) else None


def _text(_slot: Slot, _value: Any) -> Feature:  # noqa: ANN401
    return (1.0,)


def _bool(_slot: Slot, value: Any) -> Feature:  # noqa: ANN401
    truth = as_bool(value)
    return () if truth is None else (1.0, float(truth))


def _float(slot: Slot, value: Any) -> Feature:  # noqa: ANN401
    try:
        capped = max(slot.low, min(slot.high, float(value)))
    except (TypeError, ValueError):
        return ()
    return 1.0, (capped - slot.low) / ((slot.high - slot.low) or 1.0)


def _list(_slot: Slot, value: Any) -> Feature:  # noqa: ANN401
    return (1.0,) if value else ()


def _categorical(slot: Slot, value: Any) -> Feature:  # noqa: ANN401
    known = slot.values if OTHER in slot.values else (*slot.values, OTHER)
    text = str(value).lower()
    if text not in known:
        text = OTHER
    return tuple(float(each == text) for each in known)


def _nothing(_slot: Slot, _value: Any) -> Feature:  # noqa: ANN401
    return ()


_FEATURES = {
    "text": _text, "bool": _bool, "float": _float, "list": _list, "categorical": _categorical,
}  # fmt: skip


def as_bool(value: Any) -> bool | None:  # noqa: ANN401
    """Read a truth value: true and false by any case, 1 and 0; ``None`` for what is neither."""
    if isinstance(value, (bool, int, float)):
        return value == 1
    if isinstance(value, str):
        if value.isnumeric():
            return float(value) == 1
        return {"true": True, "false": False}.get(value.strip().lower())
    return None
