"""Conversations that the stories do not have, and what each bot costs to train and to serve.

Run it:  python benchmarks/dialogue.py BOT [BOT ...] [--cases 30] [--costs] [--json]

Held out: for each test conversation the stories that show the same sequence of intents and
actions, or a part of it, are dropped; the learned policy is trained on the rest, and the
conversation is played, every message understood. ``without`` is the same bot without the learned
policy: rules, forms, memoized stories and the fallback. Costs: ``trilogue train`` in a process of
its own; then a process that loads the model and takes one turn after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from resources import cost_of

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

SERVE = """
import time; began = time.perf_counter()
import asyncio, json, sys
from pathlib import Path
import psutil
from assistant.assembly import build_engine, load_model
from assistant.dialogue.events import ActionDone, UserSaid
from assistant.dialogue.tracker import LISTEN, Tracker
from assistant.parse_result import parse_result
model = load_model(Path(sys.argv[1]))
engine = build_engine(model.bot, seed=0)
async def turn(tracker, text):
    parse = parse_result(model.reading.process([text])[0])
    engine.hear(tracker, UserSaid(text=text, parse_data=parse), [])
    return [step async for step in engine.act(tracker)]
def talk():
    tracker = Tracker("c", model.bot.domain)
    tracker.apply(ActionDone(name=LISTEN))
    return tracker
texts = [example.text for example in model.bot.data.examples][::7][:100]
asyncio.run(turn(talk(), texts[0]))
start = time.perf_counter() - began
took = []
for i, text in enumerate(texts):
    if i % 5 == 0:
        tracker = talk()
    now = time.perf_counter()
    asyncio.run(turn(tracker, text))
    took.append(1000 * (time.perf_counter() - now))
print(json.dumps([start, psutil.Process().memory_info().rss / 1e6, sorted(took)]))
"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a bot costs; times in seconds, memory in 10^6 bytes, turns in milliseconds."""

    bot: str
    train_seconds: float
    train_cpu_seconds: float
    train_peak_mb: float
    start_seconds: float
    serve_mb: float
    turn_p50_ms: float
    turn_p95_ms: float


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


def costs(root: Path) -> Costs:
    """Train and serve a bot in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        trained = cost_of(
            "train", "--bot", str(root), "--out", folder, "--force", "--skip-validation"
        )
        done = subprocess.run(
            [sys.executable, "-c", SERVE, folder], capture_output=True, text=True, check=True
        )
    start, memory, took = json.loads(done.stdout.splitlines()[-1])
    return Costs(
        bot=root.resolve().name,
        train_seconds=trained.seconds,
        train_cpu_seconds=trained.cpu_seconds,
        train_peak_mb=trained.peak_mb,
        start_seconds=round(start, 2),
        serve_mb=round(memory, 1),
        turn_p50_ms=round(took[len(took) // 2], 2),
        turn_p95_ms=round(took[len(took) * 95 // 100], 2),
    )


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
