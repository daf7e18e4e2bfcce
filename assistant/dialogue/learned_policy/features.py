"""Turn states into numbers: which features a state has, and which actions may follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.states import State
from assistant.dialogue.tracker import LISTEN
from assistant.tokens import token_places

UNKNOWN = 0
"""Number of a feature that no story has, and of an empty place; its embedding is zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The features, actions and intents of a bot's stories; a number is a place in the list.

    Attributes:
        features: Of states; the number of the first is 1.
        actions: That the stories have.
        intents: That the stories have.
        wordings: Messages that end-to-end stories have word for word.
    """

    features: tuple[str, ...]
    actions: tuple[str, ...]
    intents: tuple[str, ...]
    wordings: tuple[str, ...] = ()

    @classmethod
    def of(cls, examples: Iterable[tuple[Sequence[State], str]]) -> Vocabulary:
        """Collect what states before an action, and the action, consist of."""
        features: set[str] = set()
        actions: set[str] = set()
        intents: set[str] = set()
        wordings: set[str] = set()
        for states, action in examples:
            actions.add(action)
            for state in states:
                features.update(features_of(state))
                if state.intent is not None:
                    intents.add(state.intent)
                if state.text:
                    wordings.add(state.text)
        return cls(
            features=tuple(sorted(features)),
            actions=tuple(sorted(actions)),
            intents=tuple(sorted(intents)),
            wordings=tuple(sorted(wordings)),
        )

    def knows_wording(self, text: str) -> bool:
        """Whether a story has such a message: half of the words of the two are in both.

        A network that saw no other wording would take any message for one that it knows.
        """
        words = words_of(text)
        return any(
            2 * len(words & known) >= len(words | known) for known in map(words_of, self.wordings)
        )

    def numbers(self, windows: Sequence[Sequence[State]], length: int) -> NDArray[np.int64]:
        """Number the features of the last states of each window.

        Shapes: n = windows, l = ``length``, f = most features of one state.

        Returns:
            Numbers ``[n, l, f]``, the present state last; `UNKNOWN` where there is nothing.
        """
        index = {name: i for i, name in enumerate(self.features, start=1)}
        known = {
            state: sorted(index[name] for name in features_of(state) if name in index)
            for window in windows
            for state in window[-length:]
        }
        most = max((len(found) for found in known.values()), default=1) or 1
        table = np.zeros((len(windows), length, most), dtype=np.int64)
        for row, window in enumerate(windows):
            recent = window[-length:]
            for place, state in enumerate(recent, start=length - len(recent)):
                table[row, place, : len(known[state])] = known[state]
        return table


def features_of(state: State) -> Iterator[str]:
    """Name the features of a state.

    The user's message counts only right after it, as in Rasa's ``SingleStateFeaturizer``; a slot
    and an entity count with their value or role and without it, so that an unseen value is half
    known.
    """
    yield f"previous={state.previous}"
    yield f"loop={state.loop}"
    if state.previous == LISTEN:
        yield f"intent={state.intent}"
        for word in words_of(state.text or ""):
            yield f"word={word}"
        for entity, role, group in state.entities:
            yield f"entity={entity}"
            if role or group:
                yield f"entity={entity} role={role} group={group}"
    for name, value in state.slots:
        yield f"slot={name}"
        yield f"slot={name} value={' '.join(f'{each:.1f}' for each in value)}"


def words_of(text: str) -> set[str]:
    """The different words of a message, without case and marks; each Han character is one."""
    return {text[start:end].lower() for start, end in token_places(text)}
