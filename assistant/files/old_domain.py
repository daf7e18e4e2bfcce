"""Bring a domain of Rasa 2 into the shape of Rasa 3, as ``rasa data migrate`` does.

In Rasa 2 a form held the mappings of its slots, and a slot was filled by the entity of its own
name unless ``auto_fill: false``. In Rasa 3 every slot has its own ``mappings:``.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ruamel.yaml.comments import CommentedMap, CommentedSeq

_Node = TypeVar("_Node", CommentedMap, CommentedSeq)
_FOR_ANY_QUESTION = ("from_entity", "from_trigger_intent")
"""Mappings that fill a form's slot whatever the form asks for."""


@dataclass(kw_only=True)
class Upgraded:
    """What was in the old shape."""

    forms: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)

    def note_slot(self, name: str) -> None:
        """Remember that a slot was changed."""
        if name not in self.slots:
            self.slots.append(name)

    def touches(self, tree: Mapping[str, Any]) -> bool:
        """Whether a file holds something that was changed."""
        forms, slots = _section(tree, "forms"), _section(tree, "slots")
        return any(name in forms for name in self.forms) or any(
            name in slots for name in self.slots
        )

    def __bool__(self) -> bool:
        return bool(self.forms or self.slots)

    def __str__(self) -> str:
        counts = [(len(self.forms), "form"), (len(self.slots), "slot")]
        return " and ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in counts if n)


def upgrade_domain(trees: Sequence[MutableMapping[str, Any]]) -> Upgraded:
    """Change the parsed files of one domain in place, and tell what was changed.

    Slots without mappings stay as they are in files of version 3, where they are a fault.
    """
    done = Upgraded()
    slots = {
        str(name): entry
        for tree in trees
        for name, entry in _section(tree, "slots").items()
        if isinstance(entry, CommentedMap)
    }
    bare = {name for name, entry in slots.items() if "mappings" not in entry}
    for tree in trees:
        forms = _section(tree, "forms")
        for name, form in forms.items():
            if is_old_form(form):
                forms[name] = _new_form(str(name), form, slots, done)
    entities = {name for tree in trees for name in _names(tree.get("entities"))}
    for tree in trees:
        if not _is_version_3(tree):
            for name in map(str, _section(tree, "slots")):
                if name in slots and _fill_by_name(name, slots[name], entities, bare):
                    done.note_slot(name)
    return done


def is_old_form(form: object) -> bool:
    """Whether a form holds the mappings of its slots."""
    if not isinstance(form, Mapping):
        return False
    if "required_slots" in form:
        return isinstance(form["required_slots"], Mapping)
    slots = [value for key, value in form.items() if key != "ignored_intents"]
    return bool(slots) and all(_are_mappings(value) for value in slots)


def _are_mappings(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, Mapping) and "type" in each for each in value)
    )


def _new_form(
    name: str, form: CommentedMap, slots: Mapping[str, CommentedMap], done: Upgraded
) -> CommentedMap:
    """Return the form with a list of slots; the mappings move to the slots."""
    held = form.get("required_slots", form)
    required = {slot: value for slot, value in held.items() if slot != "ignored_intents"}
    for slot, mappings in required.items():
        if str(slot) in slots and isinstance(mappings, list):
            _move(mappings, slots[str(slot)], {"active_loop": name}, str(slot))
            done.note_slot(str(slot))
    done.forms.append(name)
    new = _placed(CommentedMap(), form)
    new["required_slots"] = _placed(CommentedSeq(required), form)
    if form.get("ignored_intents"):
        new["ignored_intents"] = form["ignored_intents"]
    if form.ca.comment:
        new.ca.comment = form.ca.comment
    return new


def _move(
    mappings: Sequence[Any], slot: CommentedMap, condition: dict[str, str], name: str
) -> None:
    own = slot.setdefault("mappings", _placed(CommentedSeq(), slot))
    if not isinstance(own, list):
        return
    for each in mappings:
        if not isinstance(each, CommentedMap):
            own.append(each)
            continue
        wanted = dict(condition)
        if each.get("type") not in _FOR_ANY_QUESTION:
            wanted["requested_slot"] = name
        found = next((old for old in own if _without_conditions(old) == each), None)
        if found is None:
            found = copy.deepcopy(each)
            own.append(found)
        elif "conditions" not in found:
            continue  # it fills the slot everywhere
        found.setdefault("conditions", _placed(CommentedSeq(), each)).append(CommentedMap(wanted))


def _fill_by_name(name: str, slot: CommentedMap, entities: set[str], bare: set[str]) -> bool:
    """Give a slot the mapping by which Rasa 2 filled it unasked; true when anything changed."""
    was_old = name in bare or "auto_fill" in slot
    fills = slot.pop("auto_fill", True) is not False
    if slot.get("type") == "unfeaturized":
        slot["type"], slot["influence_conversation"] = "any", False
        was_old = True
    if name not in bare:
        return was_old
    mappings = slot.setdefault("mappings", _placed(CommentedSeq(), slot))
    by_name = {"type": "from_entity", "entity": name}
    if name in entities and fills and by_name not in mappings:
        mappings.append(_placed(CommentedMap(by_name), slot))
    if not mappings:
        mappings.append(_placed(CommentedMap({"type": "custom"}), slot))
    return was_old


def _without_conditions(mapping: object) -> object:
    if not isinstance(mapping, Mapping):
        return mapping
    return {key: value for key, value in mapping.items() if key != "conditions"}


def _section(tree: Mapping[str, Any], key: str) -> MutableMapping[str, Any]:
    section = tree.get(key)
    return section if isinstance(section, CommentedMap) else {}


def _names(section: object) -> list[str]:
    items = section if isinstance(section, list) else []
    return [str(next(iter(item), "")) if isinstance(item, Mapping) else str(item) for item in items]


def _is_version_3(tree: Mapping[str, Any]) -> bool:
    return str(tree.get("version", "")).startswith("3")


def _placed(node: _Node, like: CommentedMap) -> _Node:
    """Let faults in a new node be told at the line of the old one."""
    node.lc.line = like.lc.line
    return node
