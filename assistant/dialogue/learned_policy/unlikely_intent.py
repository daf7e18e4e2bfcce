"""Tell a message that hardly ever comes at this point of a conversation.

The network's second head scores each intent from the states before the message. An intent is
unlikely where it scores lower than it does in every story that has it (Rasa's
UnexpecTEDIntentPolicy).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.slot_features import Feature
from assistant.dialogue.states import State
from assistant.dialogue.tracker import LISTEN

from .examples import Window
from .features import Vocabulary


def before_message(window: Sequence[State]) -> Window:
    """Return the states as they were before the last message, and what it filled, was known."""
    slots = window[-2].slots if len(window) > 1 else frozenset[tuple[str, Feature]]()
    return (*window[:-1], replace(window[-1], intent=None, entities=frozenset(), slots=slots))


def contexts_of(
    examples: Iterable[tuple[Window, str]], vocabulary: Vocabulary, history: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Collect the states before messages, and which intents the stories have there.

    Shapes: c = different contexts, l = history, f = features of a state, i = intents.

    Returns:
        Numbers ``[c, l, f]``, and ``[c, i]``: 1 for each intent that some story has there.
    """
    place = {intent: i for i, intent in enumerate(vocabulary.intents)}
    found: dict[Window, set[int]] = {}
    for window, _ in examples:
        now = window[-1]
        if now.previous == LISTEN and now.intent is not None:
            found.setdefault(before_message(window), set()).add(place[now.intent])
    follows = np.zeros((len(found), len(place)), dtype=np.float32)
    for row, intents in enumerate(found.values()):
        follows[row, sorted(intents)] = 1.0
    return vocabulary.numbers(list(found), history), follows


def thresholds_of(
    scores: NDArray[np.float32], follows: NDArray[np.float32], *, tolerance: float
) -> list[float]:
    """Return for each intent the score below which it counts as unlikely.

    Args:
        scores: ``[c, i]``, as the trained network gives them.
        follows: ``[c, i]``, as `contexts_of` gives it.
        tolerance: Share, from 0 to 1, of the contexts without the intent that may pass too.
    """
    thresholds = []
    for column in range(scores.shape[1]):
        here = follows[:, column] > 0
        lowest = float(scores[here, column].min(initial=np.inf))
        elsewhere = np.sort(scores[~here, column])[::-1]
        if tolerance > 0 and len(elsewhere):
            passed = min(int(tolerance * len(elsewhere)), len(elsewhere) - 1)
            lowest = min(lowest, float(elsewhere[passed]))
        thresholds.append(lowest)
    return thresholds
