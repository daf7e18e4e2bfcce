"""Which policies decide, and how: the ``policies:`` of a bot's ``config.yml``.

An empty list stands for all of them; names and options are Rasa's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.config import Config

FALLBACK_ACTION = "action_default_fallback"
SHORT_HISTORY = 5
HISTORIES: tuple[int | None, ...] = (None, SHORT_HISTORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """What decides about the next action.

    Attributes:
        remembers: Whether memoized stories decide.
        forgets: Whether they may start in the middle of a conversation (augmented).
        histories: How many states they look back on, ``None`` for all; the next where one is
            silent.
        core_threshold: Confidence of the fallback; a less sure policy loses against it.
        core_action: The action of the fallback; listening where a bot has none.
    """

    remembers: bool = True
    forgets: bool = True
    histories: tuple[int | None, ...] = HISTORIES
    core_threshold: float = 0.3
    core_action: str = FALLBACK_ACTION


def policy_settings(config: Config) -> PolicySettings:
    """Read the policies of a configuration."""
    if not config.policies:
        return PolicySettings()
    augmented = options_of(config, "AugmentedMemoizationPolicy")
    memory = options_of(config, "MemoizationPolicy") if augmented is None else augmented
    rules = options_of(config, "RulePolicy")
    falls_back = rules is not None and rules.get("enable_fallback_prediction", True)
    rules = rules or {}
    return PolicySettings(
        remembers=memory is not None,
        forgets=augmented is not None,
        histories=_histories(memory or {}),
        core_threshold=float(rules.get("core_fallback_threshold", 0.3)) if falls_back else 0.0,
        core_action=str(rules.get("core_fallback_action_name") or FALLBACK_ACTION)
        if falls_back
        else "action_listen",
    )


def options_of(config: Config, policy: str) -> dict[str, Any] | None:
    """Return the options of a policy, or ``None`` when the configuration does not name it."""
    for entry in config.policies or []:
        if str(entry.get("name", "")).rsplit(".", maxsplit=1)[-1] == policy:
            return {key: value for key, value in entry.items() if key != "name"}
    return None


def _histories(options: dict[str, Any]) -> tuple[int | None, ...]:
    """How far memory looks back: as far as is named, a null being all (Rasa's default)."""
    if "max_history" not in options:
        return HISTORIES
    history = options["max_history"]
    return (None if history is None else int(history),)
