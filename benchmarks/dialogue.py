"""Conversations that the stories do not have, and what each bot costs to train and to serve.

Run it:  python benchmarks/dialogue.py BOT [BOT ...] [--cases 30] [--costs] [--json]

Held out: for each test conversation the stories that show the same sequence of intents and
actions, or a part of it, are dropped; the learned policy is trained on the rest, and the
conversation is played, every message understood. ``without`` is the same bot without the learned
policy: rules, forms, memoized stories and the fallback. For the costs see `bot_costs`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot_costs import Costs, costs

from assistant.assembly import build_engine
from assistant.bot import Bot, load_bot
from assistant.dialogue.ensemble import Ensemble
from assistant.dialogue.learned_policy.policy import LearnedPolicy
from assistant.dialogue.learned_policy.settings import learned_settings
from assistant.dialogue.learned_policy.training import train_policy
from assistant.dialogue.story_events import action_name
from assistant.dialogue.story_paths import unfold
from assistant.evaluation.conversations import Pair, play_stories
from assistant.stories import ActionStep, BotStep, Step, Story, UserStep


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """How conversations went that the stories do not have.

    Attributes:
        bot: Name of its folder.
        cases: Conversations.
        dropped: Of them, those for which stories had to be dropped.
        actions: Next actions in them, listening included.
        action_accuracy: Share of them that was predicted.
        conversation_accuracy: Share of the conversations in which all were.
        action_accuracy_without: Likewise without the learned policy.
        conversation_accuracy_without: Likewise.
    """

    bot: str
    cases: int
    dropped: int
    actions: int
    action_accuracy: float
    conversation_accuracy: float
    action_accuracy_without: float
    conversation_accuracy_without: float


def held_out(root: Path, most: int) -> HeldOut:
    """Drop, train and play, conversation by conversation."""
    bot = load_bot(root, validate=False)
    cases = sorted(_cases(bot), key=lambda case: not case[1])[:most]
    trained: dict[frozenset[int], LearnedPolicy | None] = {}
    learned: list[list[Pair]] = []
    plain: list[list[Pair]] = []
    for test, dropped in cases:
        kept = [each for i, each in enumerate(_paths(bot.stories)) if i not in dropped]
        less = replace(bot, stories=kept)
        if dropped not in trained:
            trained[dropped] = _train(less)
        learned.append(_play(less, test, trained[dropped]))
        plain.append(_play(less, test, None))
    return HeldOut(
        bot=root.resolve().name,
        cases=len(cases),
        dropped=sum(bool(dropped) for _, dropped in cases),
        actions=sum(map(len, learned)),
        action_accuracy=_share([a == b for pairs in learned for a, b in pairs]),
        conversation_accuracy=_share([all(a == b for a, b in pairs) for pairs in learned]),
        action_accuracy_without=_share([a == b for pairs in plain for a, b in pairs]),
        conversation_accuracy_without=_share([all(a == b for a, b in pairs) for pairs in plain]),
    )


def _cases(bot: Bot) -> Iterator[tuple[Story, frozenset[int]]]:
    """Yield each test conversation with the numbers of the story paths that tell of it."""
    paths = [_signature(story.steps) for story in _paths(bot.stories)]
    for test in _paths(bot.tests):
        wanted = _signature(test.steps)
        yield (
            test,
            frozenset(
                i for i, path in enumerate(paths) if _within(path, wanted) or _within(wanted, path)
            ),
        )


def _paths(stories: Sequence[Story]) -> list[Story]:
    return [replace(story, steps=steps) for story, steps in unfold(stories)]


def _signature(steps: Sequence[Step]) -> tuple[str, ...]:
    names = []
    for step in steps:
        if isinstance(step, UserStep):
            names.append(f"intent {(step.intent or step.text or '').split('/')[0]}")
        elif isinstance(step, (ActionStep, BotStep)):
            names.append(action_name(step))
    return tuple(names)


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    places = range(len(whole) - len(part) + 1)
    return bool(part) and any(whole[i : i + len(part)] == part for i in places)


def _train(bot: Bot) -> LearnedPolicy | None:
    settings = learned_settings(bot.config)
    with tempfile.TemporaryDirectory() as folder:
        if settings is None or not train_policy(bot, settings, Path(folder)):
            return None
        return LearnedPolicy.load(Path(folder), settings)


def _play(bot: Bot, test: Story, learned: LearnedPolicy | None) -> list[Pair]:
    engine = build_engine(bot, seed=0)
    engine.ensemble = Ensemble(bot, learned)
    (played,) = asyncio.run(play_stories(bot, engine, [test], None))
    return played.actions


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / max(len(values), 1), 4)


def main() -> None:
    """Measure and print one row for each bot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bots", type=Path, nargs="+", help="folders of bots")
    parser.add_argument(
        "--cases", type=int, default=30, help="most held-out conversations; 0: none"
    )
    parser.add_argument("--costs", action="store_true", help="measure training and serving too")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    arguments = parser.parse_args()
    for root in arguments.bots:
        rows: list[HeldOut | Costs] = []
        if arguments.cases:
            rows.append(held_out(root, arguments.cases))
        if arguments.costs:
            rows.append(costs(root))
        for row in rows:
            if arguments.json:
                print(json.dumps(asdict(row)), flush=True)
            else:
                print("  ".join(f"{key}={value}" for key, value in asdict(row).items()), flush=True)


if __name__ == "__main__":
    main()
