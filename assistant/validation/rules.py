"""Rules that Rasa refuses, and rules that can never apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.dialogue.story_paths import unfold
from assistant.domain import Domain, Slot
from assistant.stories import ANY, ActionStep, LoopStep, SlotStep, Step, Story, UserStep

from .finding import Findings

if TYPE_CHECKING:
    from assistant.bot import Bot

_YES_NO = {"true", "false", "yes", "no", "1", "0"}
Loops = set[str | None]


def rule_options(bot: Bot) -> dict[str, Any] | None:
    """Options of the RulePolicy; ``None`` where the configuration has policies without it."""
    for entry in bot.config.policies or []:
        if str(entry.get("name", "")).rsplit(".", 1)[-1] == "RulePolicy":
            return entry
    return None if bot.config.policies else {}


def check_rules(bot: Bot, found: Findings) -> None:
    """Note rules with several messages, rules that say too little, and rules without effect."""
    options = rule_options(bot)
    if options is None:
        for rule in bot.rules[:1]:
            found.warning(
                "rules-without-policy", rule.where,
                "no policy of config.yml follows rules. Add '- name: RulePolicy' to its policies.",
            )  # fmt: skip
        return
    if options.get("restrict_rules", True):
        _check_lengths(bot, found)
    if options.get("check_for_contradictions", True):
        _check_completeness(bot, found)
    for rule in bot.rules:
        _check_conditions(bot.domain, rule, found)


def _check_lengths(bot: Bot, found: Findings) -> None:
    for rule in bot.rules:
        said = [s for s in rule.steps if isinstance(s, UserStep)]
        if len(said) > 1:
            found.error(
                "rule-too-long", said[1].where,
                f"rule {rule.name!r} has more than one user message. Make it a story.",
            )  # fmt: skip


class Effects:
    """What follows an action in the rules: slots that it sets, forms that it starts or ends."""

    def __init__(self, rules: Sequence[Story], domain: Domain) -> None:
        self.slots: dict[str, set[str]] = defaultdict(set)
        self.loops: dict[str, Loops] = defaultdict(set)
        for _, steps in unfold(rules):
            action = None
            for step in steps:
                if isinstance(step, ActionStep):
                    action = step.name
                elif isinstance(step, UserStep):
                    action = None
                elif action and isinstance(step, LoopStep):
                    self.loops[action].add(step.name)
                elif action and isinstance(step, SlotStep) and _is_seen(domain, step.name):
                    self.slots[action].add(step.name)


def _check_completeness(bot: Bot, found: Findings) -> None:
    """Rasa: an action that sets slots or loops in one rule must do so in all of them."""
    effects = Effects(bot.rules, bot.domain)
    for rule, steps in unfold(bot.rules):
        for step, slots, loop in _after_actions(bot.domain, rule, steps):
            missing = sorted(effects.slots.get(step.name, set()) - slots)
            if missing:
                found.error(
                    "incomplete-rule", step.where,
                    f"rule {rule.name!r}: the action {step.name!r} sets {', '.join(missing)} in "
                    "other rules and not here. Add slot_was_set (perhaps null), or end the rule "
                    "here with 'wait_for_user_input: false'.",
                )  # fmt: skip
            loops = effects.loops.get(step.name, set())
            if loops and loop not in loops:
                names = " or ".join(sorted(name or "null" for name in loops))
                found.error(
                    "incomplete-rule", step.where,
                    f"rule {rule.name!r}: after {step.name!r} other rules have 'active_loop: "
                    f"{names}' and this one has not. Add it, or end the rule here with "
                    "'wait_for_user_input: false'.",
                )  # fmt: skip


def _after_actions(
    domain: Domain, rule: Story, steps: Sequence[Step]
) -> Iterator[tuple[ActionStep, set[str], str | None]]:
    """Yield each action after which another comes, with the slots and the loop that hold then."""
    slots = {s.name for s in domain.slots.values() if s.initial is not None and s.influences}
    loop: str | None = "\x00never told"
    action: ActionStep | None = None
    for step in (*rule.conditions, *steps):
        if isinstance(step, SlotStep):
            slots.add(step.name)
        elif isinstance(step, LoopStep):
            loop = step.name
        elif isinstance(step, (ActionStep, UserStep)):
            if action is not None:
                yield action, set(slots), loop
            action = step if isinstance(step, ActionStep) else None
    if action is not None and rule.waits:
        yield action, slots, loop


def _is_seen(domain: Domain, name: str) -> bool:
    slot = domain.slots.get(name)
    return slot is not None and slot.influences and slot.type != "any"


def _check_conditions(domain: Domain, rule: Story, found: Findings) -> None:
    told: dict[str, Any] = {}
    loops: Loops = set()
    for step in rule.conditions:
        if isinstance(step, LoopStep):
            loops.add(step.name)
            if len(loops) > 1:
                _never(rule, step.where, "two forms cannot be active at once", found)
        elif isinstance(step, SlotStep) and step.name in domain.slots:
            slot = domain.slots[step.name]
            if told.setdefault(step.name, step.value) != step.value and slot.type != "list":
                _never(rule, step.where, f"the slot {step.name} cannot have two values", found)
            elif not _can_be(slot, step.value):
                _never(rule, step.where, f"{step.name} is never {step.value!r}", found)
            elif not _is_seen(domain, step.name):
                found.warning(
                    "condition-without-effect", step.where,
                    f"rule {rule.name!r}: policies do not see the slot {step.name!r}, so this "
                    "condition always holds. Let it influence_conversation, or take it out.",
                )  # fmt: skip
    if not any(isinstance(step, ActionStep) or hasattr(step, "text") for step in rule.steps):
        found.warning(
            "rule-without-action", rule.where,
            f"rule {rule.name!r} has no action, so it says nothing. Add '- action: …'.",
        )  # fmt: skip


def _never(rule: Story, where: str, why: str, found: Findings) -> None:
    found.warning(
        "rule-never-applies", where, f"rule {rule.name!r} can never apply: {why}. Change it."
    )


def _can_be(slot: Slot, value: object) -> bool:
    if value is None or value == ANY:
        return True
    if slot.type == "categorical":
        return str(value).lower() in (*slot.values, "__other__")
    return slot.type != "bool" or str(value).lower() in _YES_NO
