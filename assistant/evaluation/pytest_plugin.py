"""``pytest mybot/``: a bot's test conversations, examples and translation pairs as test items."""

from __future__ import annotations
