"""Name a fault for the log without anything that a user wrote."""

from __future__ import annotations

from traceback import extract_tb


def name_of(error: BaseException) -> str:
    """Return ``KeyError at engine.py:88``: its message might quote a conversation."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    return f"{type(error).__name__} at {last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
