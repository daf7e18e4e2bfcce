"""All stories as one graph: paths that look alike for long enough run together.

A node stands for one thing said or done together with what came just before it, so two stories
share a node where their last ``max_history`` steps are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.dialogue.story_paths import unfold
from assistant.stories import ANY, ActionStep, BotStep, LoopStep, SlotStep, Step, Story, UserStep

START, END = "START", "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A step as it is shown; ``kind`` is ``user``, ``bot``, ``note``, ``start`` or ``end``."""

    number: int
    label: str
    kind: str


@dataclass(kw_only=True)
class StoryGraph:
    """Nodes and arrows, and the stories that run along them.

    Attributes:
        nodes: In the order in which the stories reach them; the start first, the end last.
        edges: For each (from, to), the numbers of the stories that go there.
        stories: Names and places, by number.
    """

    nodes: list[Node] = field(default_factory=list)
    edges: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    stories: list[tuple[str, str]] = field(default_factory=list)


def story_graph(stories: Sequence[Story], *, max_history: int = 2) -> StoryGraph:
    """Lay stories over one another.

    Args:
        stories: The stories, with checkpoints and alternatives.
        max_history: How many steps must agree, the last one included, for two stories to meet.
    """
    graph = StoryGraph(nodes=[Node(number=0, label=START, kind="start")])
    known: dict[tuple[tuple[str, str], ...], int] = {}
    ends: list[tuple[int, int]] = []
    for number, (story, steps) in enumerate(unfold(stories)):
        graph.stories.append((story.name, story.where))
        here = 0
        recent: tuple[tuple[str, str], ...] = (("start", START),)
        for shown in shown_steps(steps):
            recent = (*recent, shown)[-max(1, max_history) :]
            if recent not in known:
                known[recent] = len(graph.nodes)
                graph.nodes.append(Node(number=known[recent], kind=shown[0], label=shown[1]))
            _go(graph, here, known[recent], number)
            here = known[recent]
        ends.append((here, number))
    end = len(graph.nodes)
    graph.nodes.append(Node(number=end, label=END, kind="end"))
    for here, number in ends:
        _go(graph, here, end, number)
    return graph


def _go(graph: StoryGraph, source: int, target: int, story: int) -> None:
    along = graph.edges.setdefault((source, target), [])
    if story not in along:
        along.append(story)


def shown_steps(steps: Iterable[Step]) -> list[tuple[str, str]]:
    """Kind and label of each step that is shown; listening goes without saying."""
    return [
        shown for step in steps if (shown := _shown(step)) is not None
    ]  # fmt: skip


def _shown(step: Step) -> tuple[str, str] | None:
    match step:
        case UserStep(intent=intent, text=text, entities=entities):
            values = [f"{name}={value}" if value != ANY else name for name, value, *_ in entities]
            said = intent or text or ""
            return "user", f"{said} ({', '.join(values)})" if values else said
        case ActionStep(name="action_listen"):
            return None
        case ActionStep(name=name):
            return "bot", name
        case BotStep(text=text):
            return "bot", text
        case SlotStep(name=name, value=value):
            return "note", f"{name} is set" if value == ANY else f"{name} = {value}"
        case LoopStep(name=name):
            return "note", f"form {name}" if name else "form closed"
        case _:
            return None
