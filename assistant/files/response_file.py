"""Read the ``responses:`` section of a bot's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.domain import ButtonText, Domain, Variation

from .yaml_file import YamlFile, kind, plain

_KEYS = (
    "text", "translation", "buttons", "button_type", "image", "attachment", "custom", "channel",
    "condition", "id", "metadata", "quick_replies", "elements",
)  # fmt: skip


def read_responses(file: YamlFile, domain: Domain) -> None:
    """Add one file's responses; several files may add variations of other names."""
    section = file.data.get("responses")
    if section is None:
        return
    for name in file.mapping(section, "responses"):
        variations = file.sequence(section, name, f"response {name}")
        if not str(name).startswith("utter_"):
            file.fault(section, f"a response's name begins with 'utter_': {name!r}.", key=name)
        if str(name) in domain.responses:
            file.fault(section, f"response {name} is defined twice.", key=name)
        if not variations:
            file.fault(section, f"response {name} needs at least one '- text:'.", key=name)
        domain.places[f"response {name}"] = file.where(section, name)
        domain.responses[str(name)] = tuple(
            _variation(file, item, str(name)) for item in variations
        )


def _variation(file: YamlFile, item: Any, name: str) -> Variation:  # noqa: ANN401
    entry = file.mapping(item, f"a variation of {name}", known=_KEYS)
    buttons, replies = (
        tuple(_button(file, button, name) for button in file.sequence(entry, key, key))
        for key in ("buttons", "quick_replies")
    )
    if entry and not any(
        entry.get(key) for key in ("text", "image", "custom", "attachment", "elements")
    ):
        file.fault(item, f"a variation of {name} needs text, image, attachment or custom.")
    return Variation(
        text=_text(file, entry, "text"),
        translation=_translation(file, entry),
        buttons=buttons,
        button_type=entry.get("button_type"),
        quick_replies=replies,
        image=entry.get("image"),
        attachment=plain(entry.get("attachment")),
        elements=tuple(plain(each) for each in file.sequence(entry, "elements", "elements")),
        custom=plain(entry.get("custom")),
        channel=entry.get("channel"),
        slots=tuple(_conditions(file, entry, name)),
        metadata=plain(entry.get("metadata")),
        id=entry.get("id"),
    )


def _text(file: YamlFile, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key, "")
    if value is None or isinstance(value, (Mapping, list)):
        file.fault(entry, f"{key} must be a text, not {kind(value)}.", key=key)
        return ""
    return str(value).strip()


def _translation(file: YamlFile, entry: Mapping[str, Any]) -> dict[str, str]:
    section = entry.get("translation")
    if section is None:
        return {}
    found = file.mapping(section, "translation")
    return {str(tag): _text(file, found, tag) for tag in found}


def _button(file: YamlFile, item: Any, name: str) -> ButtonText:  # noqa: ANN401
    known = ("title", "payload", "translation", "type", "content_type", "url")
    entry = file.mapping(item, f"a button of {name}", known=known)
    if entry and ("title" not in entry or ("payload" not in entry and "url" not in entry)):
        file.fault(item, f"a button of {name} needs title and payload.")
    return ButtonText(
        title=str(entry.get("title", "")),
        payload=str(entry.get("payload", entry.get("url", ""))),
        translation=_translation(file, entry),
    )


def _conditions(file: YamlFile, entry: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    found = []
    for item in file.sequence(entry, "condition", "condition"):
        rule = file.mapping(item, f"a condition of {name}", known=("type", "name", "value"))
        if rule.get("type") != "slot" or "name" not in rule:
            file.fault(item, f"a condition of {name} needs 'type: slot', name and value.")
            continue
        found.append((str(rule["name"]), plain(rule.get("value"))))
    return found
