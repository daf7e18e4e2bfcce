"""The bot author's own Python: ``@action`` and ``@check_slot``, plain or async.

from assistant.actions import ActionTurn, action, check_slot

@action
def action_find_order(turn: ActionTurn) -> None:
    turn.say("utter_order_found", order_state="on its way")

@check_slot("return_form", "pickup_date")
def pickup_date(value: str, turn: ActionTurn) -> str | None:
    return parsed or None          # None asks again

Plain functions run on threads, several at a time; see `assistant.author_code`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from .dialogue.events import Event, FollowUp, SlotSet
from .errors import ActionError


@dataclass(kw_only=True)
class ActionTurn:
    """What an action sees, and what it answers.

    Attributes:
        conversation: The conversation's id.
        text: The user's message.
        language: Its language tag.
        intent: What it was understood as.
        entities: What was found in it, as JSON.
        slots: The values known so far; read only, see `set`.
        required: The slots of the active form.
        filled: Those slots that were just filled and are to be checked.
        said: The answers, in order: a response's name or a text, and values for its slots.
        events: What happens to the conversation.
    """

    conversation: str
    text: str
    language: str
    intent: str | None
    entities: list[dict[str, Any]]
    slots: Mapping[str, Any]
    required: tuple[str, ...] = ()
    filled: Mapping[str, Any] = field(default_factory=dict)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def say(self, response: str, **values: object) -> None:
        """Answer with a response of the domain (``utter_…``) or with a text."""
        self.said.append((response, values))

    def set(self, slot: str, value: object) -> None:
        """Give a slot a value; ``None`` empties it."""
        self.events.append(SlotSet(name=slot, value=value))

    def go_on_with(self, action_name: str) -> None:
        """Let another action come next, whatever the policies say."""
        self.events.append(FollowUp(name=action_name))


ActionFunction = Callable[[ActionTurn], Awaitable[None] | None]
CheckFunction = Callable[[Any, ActionTurn], Any]


@dataclass(kw_only=True)
class ActionBook:
    """The actions and checks of one bot.

    Attributes:
        actions: By name.
        checks: By form and slot.
        for_server: Files that are written for rasa_sdk: its action server runs them.
    """

    actions: dict[str, ActionFunction] = field(default_factory=dict)
    checks: dict[tuple[str, str], CheckFunction] = field(default_factory=dict)
    for_server: list[str] = field(default_factory=list)


_OPEN_BOOK: ContextVar[ActionBook | None] = ContextVar("open_book", default=None)


def action(function: ActionFunction) -> ActionFunction:
    """Register a function as the action of its own name."""
    book = _OPEN_BOOK.get()
    if book is not None:
        book.actions[function.__name__] = function
    return function


def check_slot(form: str, slot: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check of a slot that a form asks for.

    The function gets the value and the turn and returns the value to keep, perhaps tidied, or
    ``None`` to ask again.
    """

    def register(function: CheckFunction) -> CheckFunction:
        book = _OPEN_BOOK.get()
        if book is not None:
            book.checks[form, slot] = function
        return function

    return register


@contextmanager
def _collecting() -> Iterator[ActionBook]:
    book = ActionBook()
    token = _OPEN_BOOK.set(book)
    try:
        yield book
    finally:
        _OPEN_BOOK.reset(token)


def load_actions(root: Path) -> ActionBook:
    """Import ``actions/*.py`` or ``actions.py`` of a bot's folder.

    Files of the folder may import each other: ``from .order_book import find_order``. Files that
    are written for Rasa's SDK are left to its action server.

    Raises:
        ActionError: A file cannot be imported, with its line.
    """
    folder = root / "actions"
    package = f"_bot_actions_{abs(hash(str(root.resolve())))}"
    _open_package(package, folder)
    paths = sorted(folder.glob("*.py")) if folder.is_dir() else []
    if (root / "actions.py").exists():
        paths.append(root / "actions.py")
    with _collecting() as book:
        for path in paths:
            if path.name == "__init__.py":
                continue
            if "rasa_sdk" in path.read_text("utf-8"):
                book.for_server.append(path.relative_to(root).as_posix())
            else:
                _import(path, root, package)
    return book


def _open_package(name: str, folder: Path) -> None:
    """Make the folder importable under a name of its own; what was imported before is forgotten."""
    for known in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
        del sys.modules[known]
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    importlib.invalidate_caches()


def _import(path: Path, root: Path, package: str) -> None:
    name = f"{package}.{path.stem}"
    if name in sys.modules:  # another file imported it
        return
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ActionError(f"{path}: cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        line = _line_of(error, path)
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        raise ActionError(f"{shown}:{line}: {type(error).__name__}: {error}") from error


def _line_of(error: Exception, path: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 1
    trace, line = error.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
