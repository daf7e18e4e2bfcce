"""Measure a real server process over loopback: turns by a rule, and the lag of its event loop.

Run it:  python benchmarks/serving.py --model BOT/models --text hello --chat "tell me a joke"

It prints one JSON object. ``turn_ms`` is from sending a message on an open websocket to the end
of its turn (stored, answered, stored again); ``lag_ms`` is how long ``/healthz`` takes while
replies are generated, next to the same on an idle server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parent.parent
SERVE = """
import json, sys
from pathlib import Path
from assistant.component import ServerSettings
from deploy.limits import Limits
from deploy.part import serve
if sys.argv[4]:
    sys.path.insert(0, sys.argv[4])
    import fakes
    fakes.install(generator={"words": 40, "seconds": 0.02})
settings = ServerSettings(
    models=Path(sys.argv[1]), store=Path(sys.argv[2]), port=0, engine=sys.argv[3]
)
limits = Limits(burst=100_000, per_second=100_000)
serve(settings, on_ready=lambda address: print(address, flush=True), limits=limits)
"""


async def turn(socket: aiohttp.ClientWebSocketResponse, text: str) -> tuple[float, str]:
    """Send a message; return the milliseconds to the end of its turn, and who answered."""
    began = time.perf_counter()
    source = ""
    await socket.send_json({"type": "message", "text": text})
    while True:
        frame = await socket.receive_json(timeout=60)
        if frame["type"] == "error":
            raise SystemExit(f"the server answered with {frame}")
        if frame["type"] == "reply":
            source = frame["source"]
        if frame["type"] == "typing" and not frame["on"]:
            return (time.perf_counter() - began) * 1000, source


async def user(address: str, name: str, text: str, turns: int) -> tuple[list[float], set[str]]:
    """One user's turns, one after the other; the first is not counted."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{address}/ws", params={"conversation": name}) as socket,
    ):
        await turn(socket, text)
        found = [await turn(socket, text) for _ in range(turns)]
    return [milliseconds for milliseconds, _source in found], {source for _ms, source in found}


async def users(address: str, text: str, *, count: int, turns: int) -> dict[str, object]:
    """Let several users chat at once; return what their turns took."""
    began = time.perf_counter()
    found = await asyncio.gather(
        *(user(address, f"{text[:40]}-{count}-{i}", text, turns) for i in range(count))
    )
    seconds = time.perf_counter() - began
    took = [each for times, _sources in found for each in times]
    return {
        "users": count,
        "turns": len(took),
        "answered_by": sorted(set().union(*(sources for _times, sources in found))),
        "turn_ms": percentiles(took),
        "turns_per_second": round(len(took) / seconds, 1),
    }


async def lag(address: str, until: asyncio.Task[object]) -> dict[str, float]:
    """How long the server takes to say that it is alive, until a task is done."""
    took = []
    async with aiohttp.ClientSession() as session:
        while not until.done():
            began = time.perf_counter()
            async with session.get(f"{address}/healthz"):
                took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.01)
    return percentiles(took)


def percentiles(values: list[float]) -> dict[str, float]:
    """The median, the 95th percentile and the largest of some milliseconds."""
    ranked = sorted(values)
    return {
        "p50": round(ranked[len(ranked) // 2], 2),
        "p95": round(ranked[min(len(ranked) - 1, len(ranked) * 95 // 100)], 2),
        "max": round(ranked[-1], 2),
    }


async def measure(
    address: str, process: psutil.Process, arguments: argparse.Namespace
) -> dict[str, object]:
    """All numbers, one after the other."""
    before = sum(process.cpu_times()[:2])
    alone = await users(address, arguments.text, count=1, turns=arguments.turns)
    cpu_seconds = sum(process.cpu_times()[:2]) - before
    many = await users(address, arguments.text, count=20, turns=max(1, arguments.turns // 5))
    idle = await lag(address, asyncio.create_task(asyncio.sleep(2)))
    writing = asyncio.create_task(users(address, arguments.chat, count=4, turns=3))
    busy = await lag(address, writing)
    return {
        "rule": [alone, many],
        "server_cpu_ms_per_turn": round(cpu_seconds * 1000 / (arguments.turns + 1), 2),
        "generating": await writing,
        "lag_ms": {"idle": idle, "generating": busy},
    }


def main() -> None:
    """Start a server process, measure, end it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a trained bot; without one: the tests' fakes")
    parser.add_argument("--engine", default="int8", choices=["int8", "float", "bnb"])
    parser.add_argument("--text", default="hello", help="a message that a rule answers")
    parser.add_argument("--chat", default="tell me a story", help="one that is generated")
    parser.add_argument("--turns", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fakes = "" if arguments.model else str(ROOT / "tests")
        model = arguments.model or _tiny_model(Path(folder), fakes)
        values = [str(model), str(Path(folder) / "chats.db"), arguments.engine, fakes]
        command = [sys.executable, "-c", SERVE, *values]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            try:
                if address := process.stdout.readline().strip():
                    server = psutil.Process(process.pid)
                    found = asyncio.run(measure(address, server, arguments))
                    print(json.dumps(found, indent=1))
            finally:
                process.terminate()
        sys.exit(process.returncode)


def _tiny_model(folder: Path, tests: str) -> Path:
    sys.path[:0] = [str(ROOT), tests]
    import fakes

    from assistant.training import train_bot

    fakes.install()
    return train_bot(Path(tests) / "bots" / "tiny", out=folder / "models").folder


if __name__ == "__main__":
    main()
