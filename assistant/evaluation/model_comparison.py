"""Test every trained model of a folder on the same conversations (Rasa's model directory)."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ModelError
from assistant.model_folder import MANIFEST

from .bench import Bench
from .suite import Suite


def models_in(folder: Path) -> list[Path]:
    """The trained models below a folder, at any depth, by their names.

    Raises:
        ModelError: There is none.
    """
    found = sorted(path.parent for path in folder.rglob(MANIFEST))
    if not found:
        raise ModelError(f"{folder}: holds no trained model. Train one: trilogue train")
    return found


def compare_models(bench: Bench) -> Suite:
    """Play the test conversations with each model of ``bench.models``.

    Returns:
        A suite whose ``results.json`` has each model's conversation and action accuracy.

    Raises:
        ModelError: There is no model, or one is damaged.
    """
    suite = Suite(name="core")
    results: dict[str, dict[str, float]] = {}
    for folder in models_in(bench.models):
        one = Bench(
            bot=bench.bot, models=folder, engine=bench.engine, tools=bench.tools,
            options=bench.options,
        ).core()  # fmt: skip
        name = str(folder.relative_to(bench.models)) if folder != bench.models else folder.name
        results[name] = one.numbers
        report = one.reports.get("story_report.json", {})
        counted = report.get("conversation_accuracy", {})
        suite.notes.append(
            f"{name}: {counted.get('correct', 0)} of {counted.get('total', 0)} conversations, "
            f"{100 * one.numbers.get('action_accuracy', 0.0):.1f} % of the actions"
        )
    suite.reports["results.json"] = results
    suite.numbers["success"] = max(each.get("success", 0.0) for each in results.values())
    return suite
