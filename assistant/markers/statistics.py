"""Rasa's two tables about markers: over all sessions, and for each session."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median

from .sessions import MarkedSession, write_csv

COLUMNS = ("sender_id", "session_idx", "marker", "statistic", "value")
_ALL = ("all", "nan")
Row = tuple[object, ...]


def write_statistics(sessions: Sequence[MarkedSession], prefix: Path) -> tuple[Path, Path]:
    """Write ``PREFIX-overall.csv`` and ``PREFIX-per-session.csv``; returns their paths.

    Raises:
        BotFileError: A file is there already, or cannot be written.
    """
    overall = prefix.with_name(f"{prefix.name}-overall.csv")
    per_session = prefix.with_name(f"{prefix.name}-per-session.csv")
    write_csv(overall, COLUMNS, overall_rows(sessions))
    write_csv(per_session, COLUMNS, session_rows(sessions))
    return overall, per_session


def overall_rows(sessions: Sequence[MarkedSession]) -> Iterator[Row]:
    """How many sessions each marker applies in, and how many user turns come before."""
    yield (*_ALL, "-", "total_number_of_sessions", len(sessions))
    names = list(sessions[0].places) if sessions else []
    for name in names:
        count = sum(bool(session.places[name]) for session in sessions)
        share = round(100 * count / len(sessions), 3)
        at_least = "sessions_where_marker_applies_at_least_once"
        yield (*_ALL, name, f"number_of_{at_least}", count)
        yield (*_ALL, name, f"percentage_of_{at_least}", share)
    for name in names:
        turns = [place.turns_before for session in sessions for place in session.places[name]]
        for statistic, value in _described(turns):
            yield (*_ALL, name, statistic, value)


def session_rows(sessions: Sequence[MarkedSession]) -> Iterator[Row]:
    """The same of each session alone."""
    for name in list(sessions[0].places) if sessions else []:
        described = [
            _described([place.turns_before for place in session.places[name]])
            for session in sessions
        ]
        for i in sorted(range(5), key=lambda i: described[0][i][0]):
            for session, rows in zip(sessions, described, strict=True):
                yield (session.conversation, session.number, name, *rows[i])


def _described(turns: Sequence[int]) -> list[tuple[str, float]]:
    values: dict[str, float] = {
        "count": len(turns),
        "mean": round(mean(turns), 3) if turns else math.nan,
        "median": round(float(median(turns)), 3) if turns else math.nan,
        "min": min(turns, default=math.nan),
        "max": max(turns, default=math.nan),
    }
    return [(f"{name}(number of preceding user turns)", each) for name, each in values.items()]
