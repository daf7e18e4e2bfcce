"""The keys that Rasa asks for in ``config.yml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import nearest

from .finding import Findings
from .names import known_actions

if TYPE_CHECKING:
    from assistant.bot import Bot

_PLACEHOLDER = "placeholder_default"
_MANDATORY = {
    "assistant_id": "It names the bot in every event, e.g. assistant_id: shop",
    "language": "Say what the files are written in, e.g. language: en",
}


def check_configuration(bot: Bot, found: Findings) -> None:
    """Note mandatory keys that are missing, and a fallback action that nothing defines."""
    for key, todo in _MANDATORY.items():
        if key not in bot.config.model_fields_set:
            found.warning("missing-key", "config.yml", f"the key {key!r} is missing. {todo}")
    if bot.config.assistant_id == _PLACEHOLDER:
        found.warning(
            "missing-key", "config.yml",
            f"assistant_id is still {_PLACEHOLDER!r}. Give the bot a name of its own.",
        )  # fmt: skip
    for entry in bot.config.policies or []:
        action = entry.get("core_fallback_action_name")
        known = known_actions(bot)
        if action and action not in known:
            found.error(
                "unknown-action", "config.yml",
                f"core_fallback_action_name: no action is called {action!r}. "
                f"{nearest(str(action), known)}",
            )  # fmt: skip
