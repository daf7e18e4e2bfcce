"""The quick parser gives what ruamel gives, or leaves the text to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant.files.quick_yaml import UnusualYamlError, parse_quickly
from assistant.files.yaml_file import plain

ROOT = Path(__file__).parents[3]
FILES = [*ROOT.glob("assistant/starter_bot/**/*.yml"), *ROOT.glob("tests/bots/**/*.yml")]
TEXT = """\
# a comment
version: "3.1"
plain: [yes, No, on, 5, -7, 010, +3, 2.5, .5, 1e3, 1.5e-3, null, ~, true, FALSE, 2001-12-14, 1.2.3]
quoted: ['5', "true", '', "a: b # c"]
empty:
block: |
  - one
    two

  three
folded: >-
  a
  b
anchor: &a {x: [1]}
alias: *a
"a key": 中文 😀
5: number
list:
- a: 1
  b:
  - c
  -
-   indented: yes
"""


def places(node: Any) -> Any:  # noqa: ANN401
    """Where each part of a tree stands."""
    if isinstance(node, dict):
        inside = [places(value) for value in node.values()]
        return (node.lc.line, {key: node.lc.data[key][:2] for key in node}, inside)
    if isinstance(node, list):
        lines = [node.lc.data[i][0] for i in range(len(node))]
        return (node.lc.line, lines, [places(value) for value in node])
    return None


@pytest.mark.parametrize("text", [TEXT, *(path.read_text("utf-8") for path in FILES)])
def test_values_and_lines_are_those_of_ruamel(text: str) -> None:
    slow = YAML(typ="rt").load(text)

    quick = parse_quickly(text)

    assert plain(quick) == plain(slow)
    assert places(quick) == places(slow)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2\n", id="key-twice"),
        pytest.param("a: &x {b: 1}\nc: {<<: *x}\n", id="merge-key"),
        pytest.param("a: !own b\n", id="tag"),
        pytest.param("a: !!str 5\n", id="standard-tag"),
        pytest.param("a: 0x1F\n", id="hexadecimal"),
        pytest.param("a: 1_000\n", id="underscore"),
        pytest.param("a: .inf\n", id="infinity"),
        pytest.param("? [a]\n: b\n", id="list-as-key"),
        pytest.param("a: [\n", id="fault"),
        pytest.param("a: 1\n---\nb: 2\n", id="two-documents"),
    ],
)
def test_the_unusual_is_left_to_ruamel(text: str) -> None:
    with pytest.raises(UnusualYamlError):
        parse_quickly(text)


def test_an_empty_text_has_no_tree() -> None:
    assert parse_quickly("# nothing\n") is None
