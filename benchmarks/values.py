"""Count how many values of 93 written phrases Duckling reads rightly, with our Chinese readings.

python benchmarks/values.py

The file ``values.tsv`` beside this one has the phrases. What was wrong on the set ``dev`` led to
the readings of `nlu.entities.chinese_values`; the set ``later`` was written after them, and what
was wrong there led to a few more.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nlu.entities.duckling_local import LocalDuckling
from nlu.entities.duckling_match import Match, Question

FILE = Path(__file__).with_suffix(".tsv")
NOW = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def main() -> None:
    """Print what was missed, then the share that is right of each set and language."""
    duckling = LocalDuckling()
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    duckling.parse(Question("一 one", "zh_CN", "Asia/Shanghai", NOW, None))  # loads it
    begin = time.process_time()
    for row in rows():
        name, language, text, dimension, surface, value = row
        locale = {"en": "en_US", "zh": "zh_CN"}[language]
        matches = duckling.parse(Question(text, locale, "Asia/Shanghai", NOW, None))
        kind = f"{name} {language}"
        asked[kind] += 1
        if any(is_right(match, dimension, surface, value) for match in matches):
            right[kind] += 1
        else:
            found = [(match["dim"], match["body"]) for match in matches]
            print(f"missed: {text} | {dimension} {surface} = {value} | found {found}")
    milliseconds = 1000 * (time.process_time() - begin) / asked.total()
    for kind, count in asked.items():
        print(f"{kind}: {right[kind]} of {count}")
    print(f"{milliseconds:.1f} ms of CPU for a phrase, all dimensions")


def rows() -> Iterator[list[str]]:
    """Yield set, language, text, dimension, surface and value of each phrase."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row[0].startswith("#"):
                yield row


def is_right(match: Match, dimension: str, surface: str, value: str) -> bool:
    """Whether a match has the dimension and the value, and covers the surface."""
    if match["dim"] != dimension or surface.lower() not in match["body"].lower():
        return False
    said = match["value"]
    found = said.get("normalized", said).get("value")
    if said.get("type") == "interval":
        found = (said.get("from") or said["to"])["value"]
    if dimension == "time":
        return str(found).startswith(value)
    if dimension == "phone-number":
        return [c for c in str(found) if c.isdigit()] == [c for c in value if c.isdigit()]
    if dimension in {"email", "url"}:
        return bool(found == value)
    return abs(float(found) - float(value)) < 1e-6


if __name__ == "__main__":
    main()
