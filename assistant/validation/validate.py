"""All checks of a bot in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checkpoints import check_checkpoints
from .code_names import CodeNames
from .configuration import check_configuration
from .examples import check_examples
from .finding import Findings
from .names import check_unknown_names
from .responses import check_responses
from .rules import check_rules
from .served_actions import check_served_actions
from .slot_names import check_slot_names
from .slots import check_forms
from .usage import check_usage

if TYPE_CHECKING:
    from assistant.bot import Bot
    from assistant.files.yaml_file import Faults


def check_names(bot: Bot, faults: Faults) -> None:
    """Note the unknown names with which a bot cannot run; of others only a warning is given."""
    found = Findings()
    check_unknown_names(bot, found)
    for each in found.errors:
        faults.add(each.where, each.what)


def validate_bot(
    bot: Bot, *, stories_only: bool = False, max_history: int | None = None
) -> Findings:
    """Run every check.

    Args:
        bot: Read with ``load_bot(root, validate=False)``.
        stories_only: Only how stories and rules agree.
        max_history: How many states back two stories must be alike to be in conflict.
    """
    from .conflicts import check_conflicts
    from .contradictions import check_contradictions

    found = Findings()
    if not stories_only:
        _check_reading(bot, found)
        code = CodeNames(bot.root)
        check_unknown_names(bot, found)
        check_examples(bot, found)
        check_responses(bot, found)
        check_forms(bot, code, found)
        check_served_actions(bot, code, found)
        check_slot_names(bot, code, found)
        check_usage(bot, code, found)
        check_configuration(bot, found)
    check_checkpoints(bot, found)
    check_rules(bot, found)
    check_contradictions(bot, found)
    check_conflicts(bot, found, max_history=max_history)
    return found


def _check_reading(bot: Bot, found: Findings) -> None:
    """What was passed over or read in an older way; settings without meaning here are no fault."""
    for notice in bot.notices:
        where, _, what = notice.partition(": ")
        if not where.startswith("config."):
            found.warning("read-otherwise", where, what)
