"""The page for those who come from Rasa says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.rasa_components import COMPONENTS, POLICIES, Counterpart
from nlu.entities.options import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "rasa.md").read_text(encoding="utf-8")


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def table(heading: str) -> dict[str, set[str]]:
    """Options by the names in the first column of the table with a heading."""
    below = PAGE.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    found: dict[str, set[str]] = {}
    for row in below.splitlines()[2:]:
        names, _, options = row.strip("|").split("|")
        found |= {name: set(named(options)) for name in named(names)}
    return found


@pytest.mark.parametrize(
    ("heading", "known"),
    [("in `pipeline:`", COMPONENTS), ("in `policies:`", POLICIES)],
    ids=["pipeline", "policies"],
)
def test_the_page_names_each_component_with_the_options_that_count(
    heading: str, known: dict[str, Counterpart]
) -> None:
    assert table(heading) == {name: set(each.options) for name, each in known.items()}


def test_each_step_that_finds_entities_is_a_known_component() -> None:
    assert KINDS.keys() <= COMPONENTS.keys()


def test_each_page_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (Path(__file__).parents[2] / "docs" / target).exists(), target


def test_each_verb_that_the_page_names_exists() -> None:
    verbs = Path(__file__).parents[2] / "assistant" / "commands"
    for verb in re.findall(r"^trilogue (\w+)", PAGE, re.MULTILINE):
        assert (verbs / f"{verb}.py").exists(), verb
