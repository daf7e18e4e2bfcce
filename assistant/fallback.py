"""Two thresholds: an unsure message becomes ``nlu_fallback`` (Rasa's FallbackClassifier)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .messages import Intent, Turn

FALLBACK = "nlu_fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Puts ``nlu_fallback`` first where the best guess is weak or two are too close.

    Attributes:
        threshold: The best guess must reach it.
        margin: The distance that the best must keep from the second.
    """

    threshold: float = 0.3
    margin: float = 0.1

    def process(self, turns: Sequence[Turn]) -> list[Turn]:
        """Return the turns, in order, unsure ones with the fallback intent in front."""
        return [self._judge(turn) for turn in turns]

    def _judge(self, turn: Turn) -> Turn:
        if turn.literal:
            return turn
        best = turn.intents[0].confidence if turn.intents else 0.0
        second = turn.intents[1].confidence if len(turn.intents) > 1 else 0.0
        if best >= self.threshold and best - second >= self.margin:
            return turn
        unsure = Intent(name=FALLBACK, confidence=max(self.threshold, best))
        return replace(turn, intents=(unsure, *turn.intents))
