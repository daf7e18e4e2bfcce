"""Read the ``forms:`` of a domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.domain import Domain, Form

from .merging import define
from .yaml_file import YamlFile, kind

_KEYS = ("required_slots", "ignored_intents")


def read_forms(file: YamlFile, domain: Domain) -> None:
    """Add one file's forms to the domain; `old_domain` has brought old ones into this shape."""
    section = file.data.get("forms")
    if section is None:
        return
    for name, value in file.mapping(section, "forms").items():
        form = _form(file, section, name, value)
        define(file, domain, "form", domain.forms, section, str(name), form)


def _form(file: YamlFile, section: Any, name: Any, value: Any) -> Form:  # noqa: ANN401
    entry: Mapping[str, Any] = {}
    if value is not None:
        entry = file.mapping(value, f"form {name}", known=_KEYS, place=(section, name))
    required = file.sequence(entry, "required_slots", "required_slots")
    if "ignored_intents" in entry and "required_slots" not in entry:
        file.fault(entry, f"form {name} with ignored_intents needs required_slots.")
    for i, slot in enumerate(required):
        if not isinstance(slot, str):
            what = f"a slot of form {name} must be a name, not {kind(slot)}."
            file.fault(required, what, key=i)
    return Form(
        name=str(name),
        required=tuple(str(slot) for slot in required if isinstance(slot, str)),
        ignored_intents=file.names_at(entry, "ignored_intents"),
    )
