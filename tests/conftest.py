"""Fixtures that tests of several folders share."""

from __future__ import annotations

collect_ignore = ["bots"]  # bots to test with, collected by tests of the pytest plug-in only
