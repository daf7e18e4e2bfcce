"""What a bot costs to train and to serve: CPU seconds, peak memory, start, one turn.

``trilogue train`` runs in a process of its own; then another process loads the model and takes
one turn after the other, each with another message. CPU seconds are of all threads; they hold on
a machine that does other things too, wall-clock times there do not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from resources import cost_of

SERVING_SECONDS = 300
TURNS = 100
SERVE = """
import time
began = time.perf_counter()
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

def conversation():
    tracker = Tracker("c", model.bot.domain)
    tracker.apply(ActionDone(name=LISTEN))
    return tracker

async def talk(texts):
    took = []
    for i, text in enumerate(texts):
        tracker = tracker if i % 5 else conversation()
        before = time.process_time(), time.perf_counter()
        await turn(tracker, text)
        after = time.process_time(), time.perf_counter()
        took.append([1000 * (b - a) for a, b in zip(before, after)])
    return took

known = sorted({example.text for example in model.bot.data.examples})
texts = known[:: len(known) // int(sys.argv[2]) or 1][: int(sys.argv[2])]
asyncio.run(turn(conversation(), "hello there"))
start = [time.process_time(), time.perf_counter() - began]
took = asyncio.run(talk(texts))
print(json.dumps({"start": start, "took": took, "rss": psutil.Process().memory_info().rss}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a bot costs; times in seconds, memory in 10^6 bytes, turns in milliseconds.

    Attributes:
        bot: Name of its folder.
        train_seconds: Of ``trilogue train``, nothing trained before.
        train_cpu_seconds: Likewise, on all cores together.
        train_peak_mb: Largest resident set of any of its processes.
        start_seconds: From the start of Python until the first answer.
        start_cpu_seconds: Likewise.
        serve_mb: Resident after the turns.
        turns: How many were taken.
        turn_p50_ms: Of a turn, reading the message included.
        turn_cpu_p50_ms: Likewise, CPU time.
        turn_cpu_p95_ms: Likewise.
    """

    bot: str
    train_seconds: float
    train_cpu_seconds: float
    train_peak_mb: float
    start_seconds: float
    start_cpu_seconds: float
    serve_mb: float
    turns: int
    turn_p50_ms: float
    turn_cpu_p50_ms: float
    turn_cpu_p95_ms: float


def costs(root: Path) -> Costs:
    """Train and serve a bot in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        trained = cost_of(
            "train", "--bot", str(root), "--out", folder, "--force", "--skip-validation"
        )
        served = _serve(Path(folder))
    cpu, wall = (sorted(each) for each in zip(*served["took"], strict=True))
    return Costs(
        bot=root.resolve().name,
        train_seconds=trained.seconds,
        train_cpu_seconds=trained.cpu_seconds,
        train_peak_mb=trained.peak_mb,
        start_seconds=round(served["start"][1], 2),
        start_cpu_seconds=round(served["start"][0], 2),
        serve_mb=round(served["rss"] / 1e6, 1),
        turns=len(cpu),
        turn_p50_ms=round(wall[len(wall) // 2], 2),
        turn_cpu_p50_ms=round(cpu[len(cpu) // 2], 2),
        turn_cpu_p95_ms=round(cpu[len(cpu) * 95 // 100], 2),
    )


def _serve(models: Path) -> dict[str, list[list[float]]]:
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(models), str(TURNS)],
        capture_output=True, text=True, check=False, timeout=SERVING_SECONDS,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"Serving ended with {done.returncode}: {done.stderr}")
    found: dict[str, list[list[float]]] = json.loads(done.stdout.splitlines()[-1])
    return found
