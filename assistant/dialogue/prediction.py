"""What a policy answers: an action, how sure it is, and who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The next action.

    Attributes:
        action: Its name.
        confidence: In [0, 1].
        policy: Who predicts it.
        is_rule: Whether only a rule says so, and no story.
        source: Who is named as the author of the replies that follow.
        interrupts: Whether the active form is told that it was interrupted.
        end_to_end: Whether it was made from the words of the message instead of its intent.
    """

    action: str
    confidence: float
    policy: str
    is_rule: bool = False
    source: Literal["rule", "story", "form", "fallback"] = "story"
    end_to_end: bool = False
    interrupts: bool = False

    @property
    def no_user(self) -> bool:
        """Whether it holds whatever the user said: an active form goes on asking."""
        return self.source == "form"
