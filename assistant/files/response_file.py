"""Read the ``responses:`` section of a bot's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.domain import ButtonText, Domain, Variation

from .merging import define
from .yaml_file import YamlFile, kind, plain

_KEYS = (
    "text", "translation", "buttons", "button_type", "image", "attachment", "custom", "channel",
    "condition", "id", "metadata", "quick_replies", "elements",
)  # fmt: skip
_CONTENT = ("image", "custom", "attachment", "elements", "buttons", "quick_replies")
_BUTTON_KEYS = ("title", "payload", "translation")


def read_responses(file: YamlFile, domain: Domain) -> None:
    """Add one file's responses; several files may hold responses of other names."""
    section = file.data.get("responses")
    if section is None:
        return
    for name in file.mapping(section, "responses"):
        variations = file.sequence(section, name, f"response {name}")
        if not str(name).startswith("utter_"):
            what = f"response {name!r} can only be said by an action's code: its name does not "
            file.notice(section, what + "begin with 'utter_'.", key=name)
        if section[name] is None:
            file.fault(section, f"response {name} needs at least one '- text:'.", key=name)
        elif not variations:
            file.notice(section, f"response {name} has no text.", key=name)
        read = tuple(_variation(file, variations, i, str(name)) for i in range(len(variations)))
        define(file, domain, "response", domain.responses, section, str(name), read)


def _variation(file: YamlFile, variations: Any, i: int, name: str) -> Variation:  # noqa: ANN401
    entry = file.mapping(
        variations[i], f"a variation of {name}", known=_KEYS, place=(variations, i)
    )
    if entry and "text" not in entry and not any(entry.get(key) for key in _CONTENT):
        file.fault(entry, f"a variation of {name} needs text, image, attachment or custom.")
    buttons, replies = (
        tuple(_button(file, button, name) for button in file.sequence(entry, key, key))
        for key in ("buttons", "quick_replies")
    )
    custom = entry.get("custom")
    if custom is not None:
        file.mapping(custom, "custom", place=(entry, "custom"))
    return Variation(
        text=(file.text_at(entry, "text") or "").strip(),
        translation=_translation(file, entry),
        buttons=buttons,
        button_type=file.name_at(entry, "button_type"),
        quick_replies=replies,
        image=file.name_at(entry, "image"),
        attachment=plain(entry.get("attachment")),
        elements=tuple(plain(each) for each in file.sequence(entry, "elements", "elements")),
        custom=plain(custom) if isinstance(custom, Mapping) else None,
        channel=file.name_at(entry, "channel"),
        slots=tuple(_conditions(file, entry, name)),
        metadata=plain(entry.get("metadata")),
        id=file.name_at(entry, "id"),
    )


def _translation(file: YamlFile, entry: Mapping[str, Any]) -> dict[str, str]:
    section = entry.get("translation")
    if section is None:
        return {}
    found = file.mapping(section, "translation", place=(entry, "translation"))
    return {str(tag): (file.text_at(found, tag) or "").strip() for tag in found}


def _button(file: YamlFile, item: Any, name: str) -> ButtonText:  # noqa: ANN401
    entry = file.mapping(item, f"a button of {name}")
    for key in ("title", "payload"):
        if isinstance(entry.get(key), (Mapping, list)):
            file.fault(entry, f"{key} must be a text, not {kind(entry[key])}.", key=key)
    if entry and "title" not in entry and "payload" not in entry:
        file.fault(item, f"a button of {name} needs title and payload.")
    elif entry and "title" not in entry:
        file.notice(item, f"a button of {name} without title shows its payload.")
    elif entry and not entry.keys() & {"payload", "url"}:
        file.notice(item, f"a button of {name} without payload sends its title.")
    title, payload = entry.get("title"), entry.get("payload", entry.get("url"))
    return ButtonText(
        title=str(payload if title is None else title),
        payload=str(title if payload is None else payload),
        translation=_translation(file, entry),
        extra={str(key): plain(entry[key]) for key in entry if key not in _BUTTON_KEYS},
    )


def _conditions(file: YamlFile, entry: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    found = []
    items = file.sequence(entry, "condition", "condition")
    for i, item in enumerate(items):
        known = ("type", "name", "value")
        rule = file.mapping(item, f"a condition of {name}", known=known, place=(items, i))
        if rule and rule.get("type", "slot") != "slot":
            file.notice(item, f"a condition of {name} of type {rule['type']!r} always holds.")
            continue
        if "type" not in rule or "name" not in rule:
            file.fault(item, f"a condition of {name} needs 'type: slot', name and value.")
            continue
        found.append((str(rule["name"]), plain(rule.get("value"))))
    return found
