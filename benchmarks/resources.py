"""Seconds and peak memory of ``trilogue --help`` and of training the starter bot.

Run it:  python benchmarks/resources.py [--json]
Each command runs in a process of its own; peak memory is its largest resident set.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

TRILOGUE = [sys.executable, "-c", "from assistant.command_line import main; main()"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command cost.

    Attributes:
        command: Its words.
        seconds: Wall-clock time.
        cpu_seconds: Time on all cores together.
        peak_mb: Largest resident set of any process that it ran, in 10^6 bytes.
    """

    command: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def cost_of(*words: str) -> Cost:
    """Run ``trilogue`` with some words and measure it."""
    code = (
        "import json, resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss]))\n"
    )
    began = time.monotonic()
    out = subprocess.run(
        [sys.executable, "-c", code, *TRILOGUE, *words], capture_output=True, text=True, check=True
    )
    seconds = time.monotonic() - began
    status, cpu, peak = json.loads(out.stdout.splitlines()[-1])
    if status != 0:
        raise SystemExit(f"trilogue {' '.join(words)} ended with {status}: {out.stderr}")
    return Cost(
        command=f"trilogue {words[0]}",
        seconds=round(seconds, 2),
        cpu_seconds=round(cpu, 2),
        peak_mb=round(peak * 1024 / 1e6, 1),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    wants_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        bot = str(Path(folder) / "bot")
        costs = [cost_of("--help"), cost_of("init", bot), cost_of("train", "--bot", bot)]
    if wants_json:
        print(json.dumps([asdict(cost) for cost in costs], indent=2))
        return
    for cost in costs:
        print(
            f"{cost.command:<18} {cost.seconds:7.1f} s   {cost.cpu_seconds:7.1f} CPU s   "
            f"{cost.peak_mb:8.0f} MB peak"
        )


if __name__ == "__main__":
    main()
