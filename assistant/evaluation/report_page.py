"""Write the results as one page of HTML that needs no network and no other file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from .classification import labels_of
from .measures import HEADLINES, shown, title_of
from .suite import Suite

TABLES = {
    "intent_report.json": "Intents",
    "response_selection_report.json": "FAQ answers",
    "entity_report.json": "Entities, by token",
    "entity_span_report.json": "Entities, by span",
    "sentiment_report.json": "Sentiment",
    "story_report.json": "Conversations: actions, intents, entities",
}
MOST_EXAMPLES = 12


def report_page(summary: Mapping[str, Any], suites: Sequence[Suite]) -> str:
    """Return the page.

    Args:
        summary: The content of ``summary.json``.
        suites: What each suite gave.
    """
    from jinja2 import Environment, StrictUndefined

    template = files("assistant.evaluation").joinpath("report.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"title_of": title_of, "labels_of": labels_of}
    reports = {name: report for suite in suites for name, report in suite.reports.items()}
    return environment.from_string(template).render(
        summary=summary,
        suites=suites,
        shown=shown,
        headlines=[name for name in HEADLINES if name in summary["numbers"]],
        tables=[(title, reports[name]) for name, title in TABLES.items() if reports.get(name)],
        confusions=_confusions(reports.get("intent_report.json") or {}),
        errors=reports.get("intent_errors.json") or [],
        conversations=reports.get("failed_conversations.json") or [],
        directions=(reports.get("translation_report.json") or {}).get("directions", {}),
        generation=reports.get("generation_report.json") or {},
        worst=_worst,
        pictures={
            name: base64.b64encode(picture).decode()
            for suite in suites
            for name, picture in suite.pictures.items()
        },
    )


def _confusions(report: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """The label pairs that are confused most: expected, predicted, how often."""
    found = [
        (label, other, count)
        for label in labels_of(dict(report))
        for other, count in report[label]["confused_with"].items()
    ]
    return sorted(found, key=lambda each: -each[2])[:MOST_EXAMPLES]


def _worst(examples: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(examples, key=lambda each: float(each["chrf"]))[:MOST_EXAMPLES]
