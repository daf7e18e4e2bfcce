"""What a bot's Python actions use by name: responses they say, actions they let follow.

Only the text is read; nothing is imported.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

_QUOTED = re.compile(r"""["']((?:utter|action|validate)_[\w/]+|\w+_form)["']""")
_MADE = re.compile(r"""["'](utter_[\w/]*|action_\w*)(?:\{|["']\s*[+%])""")
_RETURNED = re.compile(
    r"""def name\(.*?\)[^:]*:\s*(?:\"\"\".*?\"\"\"\s*)?return\s+["'](\w+)["']""", re.S
)


class CodeNames:
    """The names in the Python files of a bot's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def text(self) -> str:
        """All of ``actions.py``, ``actions/`` and other Python files of the bot."""
        hidden = {"models", "results", "node_modules", "tests"}
        files = [
            path for path in sorted(self.root.rglob("*.py"))
            if not any(part in hidden or part.startswith(".") or "venv" in part
                       for part in path.relative_to(self.root).parts[:-1])
        ]  # fmt: skip
        return "\n".join(path.read_text("utf-8", errors="replace") for path in files)

    @cached_property
    def used(self) -> frozenset[str]:
        """Responses, actions and forms that the code names, without those it defines."""
        return frozenset(_QUOTED.findall(_RETURNED.sub("", self.text)))

    @cached_property
    def _openings(self) -> tuple[str, ...]:
        """How names begin that the code puts together: ``utter_order_``."""
        return tuple(_MADE.findall(self.text))

    def uses(self, name: str) -> bool:
        """Whether the code may use a response, an action or a form."""
        return name in self.used or (bool(self._openings) and name.startswith(self._openings))

    @property
    def exists(self) -> bool:
        """Whether the folder holds the code at all; it may lie elsewhere."""
        return bool(self.text.strip())
