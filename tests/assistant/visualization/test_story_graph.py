from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from assistant.bot import load_bot
from assistant.stories import ActionStep, CheckpointStep, OrStep, Story, UserStep
from assistant.visualization.graph_page import graph_page
from assistant.visualization.layers import layered
from assistant.visualization.story_graph import StoryGraph, story_graph

TINY = Path(__file__).parents[2] / "bots" / "tiny"


def story(name: str, *steps: str) -> Story:
    """A story of intents (``?ask``) and actions."""
    return Story(
        name=name,
        steps=tuple(
            UserStep(intent=each[1:]) if each.startswith("?") else ActionStep(name=each)
            for each in steps
        ),
    )


def labels(graph: StoryGraph) -> list[str]:
    return [node.label for node in graph.nodes]


def test_stories_that_begin_alike_share_their_beginning() -> None:
    graph = story_graph(
        [story("a", "?hi", "greet", "?yes", "go"), story("b", "?hi", "greet", "?no")]
    )

    assert labels(graph) == ["START", "hi", "greet", "yes", "go", "no", "END"]
    assert graph.edges[1, 2] == [0, 1]
    assert graph.edges[2, 3] == [0]


def test_paths_meet_again_where_their_last_steps_agree() -> None:
    stories = [story("a", "?x", "one", "?bye", "end"), story("b", "?y", "two", "?bye", "end")]

    near = story_graph(stories, max_history=1)
    far = story_graph(stories, max_history=3)

    assert labels(near).count("bye") == 1
    assert labels(far).count("bye") == 2
    assert labels(far).count("end") == 2


def test_alternatives_and_checkpoints_are_followed() -> None:
    either = OrStep(choices=(UserStep(intent="yes"), UserStep(intent="ok")))
    first = Story(name="first", steps=(either, CheckpointStep(name="joint")))
    second = Story(name="second", steps=(CheckpointStep(name="joint"), ActionStep(name="go")))

    graph = story_graph([first, second], max_history=1)

    assert labels(graph) == ["START", "yes", "go", "ok", "END"]
    assert [name for name, _ in graph.stories] == ["first", "first"]


def test_layers_lead_downwards_and_circles_lead_back_up() -> None:
    found = layered(4, [(0, 1), (1, 2), (2, 1), (0, 3), (2, 3), (1, 1)])

    at = {node: depth for depth, row in enumerate(found.rows) for node in row}
    assert at[0] < at[1] < at[2] < at[3]
    assert found.routes[2, 1] == [2, 1]
    assert [at[i] for i in found.routes[0, 3]] == [0, 1, 2, 3]  # a long arrow bends in each layer
    assert found.routes[1, 1] == [1, 1]


class Loaded(HTMLParser):
    """Notes what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {value}" for name, value in attrs if name in ("src", "href")]


def test_the_page_shows_every_story_and_loads_nothing() -> None:
    bot = load_bot(TINY)
    evil = Story(name="<script>alert(1)</script>", steps=bot.stories[0].steps)

    page = graph_page(story_graph([*bot.stories, evil]), "Stories")

    loaded = Loaded()
    loaded.feed(page)
    assert loaded.found == []
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert all(node.label in page for node in story_graph(bot.stories).nodes)
