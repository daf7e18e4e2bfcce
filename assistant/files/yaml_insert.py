"""Add entries to a bot's YAML file and leave every other character of it as it is.

The text is not written anew by a YAML library, which would lay out the author's lines afresh:
lines are put in at the right place, and the result is read again and compared, so that what was
there is there still.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assistant.errors import BotFileError

_EMPTY = re.compile(r":\s*(\[\s*\]|\{\s*\}|null|~)?\s*(#.*)?$")


class YamlText:
    """The text of one file with top-level sections, while entries are added.

    Args:
        text: The file as it is; empty for a new one.
        name: What it is called in a fault.

    Raises:
        BotFileError: It is no YAML with keys.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = text.splitlines() if text.strip() else ['version: "3.1"']
        self.data = self._read()

    @property
    def text(self) -> str:
        """The file as it is now."""
        return "\n".join(self.lines) + "\n"

    def _read(self) -> Any:  # noqa: ANN401 - ruamel's map with its line numbers
        try:
            data = YAML(typ="rt").load(self.text)
        except YAMLError as error:
            raise BotFileError(self.name, "cannot be read as YAML; nothing was changed.") from error
        if not isinstance(data, Mapping):
            raise BotFileError(self.name, "must be keys and values; nothing was changed.")
        return data

    def add_item(self, section: str, item: object) -> None:
        """Add an entry at the end of a section that is a list."""
        before = list(self.data.get(section) or [])
        if self._is_flow(section) and isinstance(item, str):
            self._add_to_flow(section, item)
        else:
            written = dumped([item])
            self._put(section, written, self._indent(section, r"^(\s*)-(\s|$)", "- "))
        self._check(section, [*before, item])

    def add_key(self, section: str, key: str, value: object) -> None:
        """Add an entry at the end of a section that has keys."""
        before = dict(self.data.get(section) or {})
        written = dumped({key: value})
        self._put(section, written, self._indent(section, r"^(\s+)[^\s#]", "  "))
        self._check(section, {**before, key: value})

    def add_example(self, intent: str, example: str) -> None:
        """Add an example sentence to an intent: below its others, or as a new entry."""
        for entry in self.data.get("nlu") or []:
            found = entry.get("intent") == intent and isinstance(entry.get("examples"), str)
            if found and self._add_to_block(entry, example):
                return
        self._add_intent(intent, example)

    def _add_to_block(self, entry: Any, example: str) -> bool:  # noqa: ANN401 - ruamel's map
        before = str(entry["examples"])
        key_line, key_column = entry.lc.key("examples")
        last, indent = -1, ""
        for i in range(key_line + 1, len(self.lines)):
            line = self.lines[i]
            if line.strip() and len(line) - len(line.lstrip()) <= key_column:
                break
            if line.strip():
                last, indent = i, indent or line[: len(line) - len(line.lstrip())]
        if last < 0:
            return False
        self.lines.insert(last + 1, f"{indent}- {example}")
        self.data = self._read()
        after = [e.get("examples") for e in self.data["nlu"] if e.get("intent") == entry["intent"]]
        if f"{before.rstrip()}\n- {example}" not in [str(text).rstrip() for text in after]:
            raise BotFileError(self.name, f"no place for an example of {entry['intent']!r}.")
        return True

    def _add_intent(self, intent: str, example: str) -> None:
        lines = [f"- intent: {dumped_word(intent)}", "  examples: |", f"    - {example}"]
        self._put("nlu", lines, self._indent("nlu", r"^(\s*)-(\s|$)", "- "))
        self.data = self._read()

    def _is_flow(self, section: str) -> bool:
        found = self.data.get(section)
        return bool(found) and hasattr(found, "fa") and bool(found.fa.flow_style())

    def _add_to_flow(self, section: str, name: str) -> None:
        """Put a name before the bracket that closes ``[a, b]``."""
        _, end = self._range(section)
        for i in range(end - 1, -1, -1):
            at = self.lines[i].split(" #", 1)[0].rfind("]")
            if at >= 0:
                line = self.lines[i]
                self.lines[i] = f"{line[:at].rstrip()}, {dumped_word(name)}{line[at:]}"
                break
        self.data = self._read()

    def _range(self, section: str) -> tuple[int, int]:
        """The section's first line, and the line after its last one."""
        starts = [line for line, _ in (self.data.lc.key(key) for key in self.data)]
        first = self.data.lc.key(section)[0]
        end = min((line for line in starts if line > first), default=len(self.lines))
        while end > first + 1 and not _belongs(self.lines[end - 1]):
            end -= 1
        return first, end

    def _indent(self, section: str, pattern: str, empty: str) -> str:
        """The indentation of a section's entries."""
        if self.data.get(section):
            first, end = self._range(section)
            for line in self.lines[first + 1 : end]:
                if match := re.match(pattern, line):
                    return match[1]
        return "" if empty == "- " else empty

    def _put(self, section: str, lines: list[str], indent: str) -> None:
        if section not in self.data:
            self.lines += ["", f"{section}:"] if len(self.lines) > 1 else [f"{section}:"]
            end = len(self.lines)
        else:
            first, end = self._range(section)
            if not self.data[section]:
                self.lines[first] = _EMPTY.sub(lambda m: f": {m[2]}" if m[2] else ":",
                                               self.lines[first])  # fmt: skip
            elif self._is_flow(section):
                what = f"{section}: is written in one line; write one entry per line."
                raise BotFileError(f"{self.name}:{first + 1}", what)
        self.lines[end:end] = [f"{indent}{line}" if line else "" for line in lines]
        self.data = self._read()

    def _check(self, section: str, wanted: object) -> None:
        """Read again what was put in, and compare.

        Raises:
            BotFileError: The section is not what it was with the new entry behind it.
        """
        if json.loads(json.dumps(self.data[section], default=str)) != json.loads(
            json.dumps(wanted, default=str)
        ):
            raise BotFileError(self.name, f"no place was found for a new entry of {section}.")


def _belongs(line: str) -> bool:
    """Whether a line is part of a section: no blank line, and no comment at the left edge."""
    return bool(line.strip()) and not line.startswith("#")


def dumped(value: object) -> list[str]:
    """YAML lines of a value, as people write it."""
    yaml = YAML()
    yaml.allow_unicode, yaml.width = True, 4096
    text = io.StringIO()
    yaml.dump(value, text)
    return text.getvalue().rstrip("\n").splitlines()


def dumped_word(word: str) -> str:
    """A name as it stands in YAML, in quotes where it needs them."""
    return dumped([word])[0].removeprefix("- ")
