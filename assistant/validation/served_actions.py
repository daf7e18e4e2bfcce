"""Actions that nothing runs: neither Python of the bot, nor an action server, nor Trilogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.domain import DEFAULT_ACTIONS
from assistant.endpoints import read_endpoints
from assistant.errors import BotFilesError

from .code_names import CodeNames
from .finding import Findings

if TYPE_CHECKING:
    from assistant.bot import Bot


def check_served_actions(bot: Bot, code: CodeNames, found: Findings) -> None:
    """Note actions of the domain without code, where no action server is named."""
    try:
        endpoints = read_endpoints(bot.root / "endpoints.yml")
    except BotFilesError as error:
        for fault in error.faults:
            found.error("endpoints", fault.where, fault.what)
        return
    if endpoints.action_endpoint is not None:
        return
    words = set(re.findall(r"\w+", code.text))
    for name in bot.domain.actions:
        if name.startswith("utter_") or name in {*DEFAULT_ACTIONS, *bot.domain.forms}:
            continue
        if name not in words and name.removeprefix("validate_") not in words:
            found.warning(
                "action-without-code", bot.domain.place("action", name),
                f"nothing runs the action {name!r}. Write it in actions/ with @action, or name an "
                "action server in endpoints.yml.",
            )  # fmt: skip
