"""Slot types of a bot's own: a Python class in the bot's folder, named by its dotted path.

.. code-block:: yaml

    slots:
      people: {type: addons.slots.HeadCount, min_people: 2, mappings: [...]}

The class keeps Rasa's interface: ``__init__(name, mappings, initial_value, value_reset_delay,
influence_conversation, **options)`` and ``as_feature() -> list[float]``. It may be written
against ``assistant.dialogue.slot_types.Slot`` or, unchanged, against ``rasa.shared.core.slots``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from assistant.domain import Slot as SlotSettings
from assistant.errors import BotFileError

_RASA = ("rasa", "rasa.shared", "rasa.shared.core", "rasa.shared.core.slots")


class Slot:
    """A slot with features of its own; override `_as_feature` (or ``as_feature``)."""

    type_name = "custom"

    def __init__(
        self,
        name: str,
        mappings: list[dict[str, Any]] | None = None,
        initial_value: Any = None,  # noqa: ANN401
        value_reset_delay: int | None = None,
        influence_conversation: bool = True,
    ) -> None:
        self.name = name
        self.mappings = mappings or []
        self.initial_value = initial_value
        self.value: Any = initial_value
        self.value_reset_delay = value_reset_delay
        self.influence_conversation = influence_conversation

    def feature_dimensionality(self) -> int:
        """How many numbers `as_feature` gives."""
        return self._feature_dimensionality() if self.influence_conversation else 0

    def _feature_dimensionality(self) -> int:
        return 1

    def as_feature(self) -> list[float]:
        """Return the numbers that stand for the value."""
        return self._as_feature() if self.influence_conversation else []

    def _as_feature(self) -> list[float]:
        raise NotImplementedError(f"{type(self).__name__} needs as_feature().")


def custom_feature(slot: SlotSettings, value: Any, root: Path) -> tuple[float, ...]:  # noqa: ANN401
    """Return what a bot's own class makes of a value.

    Raises:
        BotFileError: There is no such class, or it failed.
    """
    kind = slot_type(slot.type, root)
    try:
        made = kind(
            slot.name, [], initial_value=slot.initial, influence_conversation=True, **slot.extra
        )
        made.value = value
        return tuple(float(each) for each in made.as_feature())
    except Exception as error:
        raise BotFileError(
            f"slot {slot.name}", f"{slot.type}: {type(error).__name__}: {error}"
        ) from error


@lru_cache(maxsize=256)
def slot_type(path: str, root: Path) -> type[Any]:
    """Import a slot class from the bot's folder, or from an installed package.

    Raises:
        BotFileError: Nothing of that path can be imported.
    """
    module_path, _, name = path.rpartition(".")
    file = root.joinpath(*module_path.split(".")).with_suffix(".py")
    try:
        with _rasas_name_for_slots():
            module = _module_of(file) if file.exists() else importlib.import_module(module_path)
        found: type[Any] = getattr(module, name)
    except Exception as error:
        raise BotFileError(
            "domain.yml", f"the slot type {path!r} cannot be imported ({error}). "
            f"Put the class {name} into {file.relative_to(root)} of the bot's folder."
        ) from error  # fmt: skip
    return found


def _module_of(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_bot_slots_{abs(hash(str(file)))}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _rasas_name_for_slots() -> Iterator[None]:
    """Let ``from rasa.shared.core.slots import Slot`` find our `Slot` where Rasa is missing."""
    if "rasa" in sys.modules or importlib.util.find_spec("rasa") is not None:
        yield
        return
    for name in _RASA:
        sys.modules[name] = ModuleType(name)
    sys.modules[_RASA[-1]].Slot = Slot  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for name in _RASA:
            del sys.modules[name]
