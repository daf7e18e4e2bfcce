"""Find the model parts by name; listing them imports nothing."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any, cast

from .component import (
    GeneratorPart,
    ModelRecipes,
    PagePart,
    ServerPart,
    TranslatorPart,
    UnderstandingPart,
)
from .errors import UnknownNameError

GROUP = "assistant.components"


def part(name: str) -> Any:  # noqa: ANN401 - each entry point has its own contract
    """Import the module that is registered as ``name``.

    Raises:
        UnknownNameError: No installed package registers it.
    """
    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        raise UnknownNameError("component", name, points)
    return points[name].load()


def understanding() -> UnderstandingPart:
    """The part that reads messages."""
    return cast("UnderstandingPart", part("understanding"))


def translator() -> TranslatorPart:
    """The part that tells languages apart and translates."""
    return cast("TranslatorPart", part("translator"))


def generator() -> GeneratorPart:
    """The part that writes replies."""
    return cast("GeneratorPart", part("generator"))


def server() -> ServerPart:
    """The part that serves a trained bot."""
    return cast("ServerPart", part("server"))


def page() -> PagePart:
    """The part that a person looks at."""
    return cast("PagePart", part("page"))


def recipes(name: str) -> ModelRecipes:
    """The recipes of a model part: how its base is trained, how its engines compare."""
    return cast("ModelRecipes", part(name))
