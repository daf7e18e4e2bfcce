"""The trained network in plain NumPy.

One window of a few states through one small layer takes a fraction of a millisecond, while
importing torch would take longer than everything else of a bot's start and most of its memory.
``network.py`` is the definition; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class DialogueInference:
    """Scores actions, and intents, from windows of states.

    Args:
        weights: By the names of ``DialogueNetwork``'s parameters.
        heads: Of its attention.
    """

    def __init__(self, weights: Mapping[str, Array], *, heads: int) -> None:
        self._weights = weights
        self._heads = heads
        names = [name for name in weights if name.endswith("self_attn.in_proj_weight")]
        self._layers = [name.removesuffix("self_attn.in_proj_weight") for name in sorted(names)]

    def actions(self, numbers: NDArray[np.int64]) -> Array:
        """Return probabilities of the actions ``[n, a]`` from numbers ``[n, l, f]``."""
        scores = self._linear("action", self._present(numbers))
        return _softmax(scores)

    def intents(self, numbers: NDArray[np.int64]) -> Array:
        """Return a score of each intent ``[n, i]``: the log of its odds to come next."""
        return self._linear("intent", self._present(numbers))

    def _present(self, numbers: NDArray[np.int64]) -> Array:
        empty = (numbers == 0).all(axis=2)
        empty[:, -1] = False
        states = self._weights["embedding.weight"][numbers].sum(axis=2)
        states = self._norm("entry", states + self._weights["place.weight"])
        for layer in self._layers:
            attended = self._attention(
                f"{layer}self_attn.", self._norm(f"{layer}norm1", states), empty
            )
            states = states + attended
            inner = self._linear(f"{layer}linear1", self._norm(f"{layer}norm2", states))
            states = states + self._linear(f"{layer}linear2", np.maximum(inner, 0.0))
        return self._norm("encoder.norm", states[:, -1])

    def _attention(self, name: str, states: Array, empty: NDArray[np.bool_]) -> Array:
        """Attend from every state to those that are not empty.

        Shapes: n = windows, l = history, w = width, h = heads.
        """
        n, length, width = states.shape
        weight, bias = self._weights[f"{name}in_proj_weight"], self._weights[f"{name}in_proj_bias"]
        parts = (states @ weight.T + bias).reshape(n, length, 3, self._heads, width // self._heads)
        query, key, value = parts.transpose(2, 0, 3, 1, 4)  # each [n, h, l, w / h]
        scores = query @ key.swapaxes(2, 3) / np.sqrt(width / self._heads, dtype=np.float32)
        scores = np.where(empty[:, None, None, :], np.float32(-1e9), scores)
        mixed = (_softmax(scores) @ value).swapaxes(1, 2).reshape(n, length, width)
        return self._linear(f"{name}out_proj", mixed)

    def _linear(self, name: str, values: Array) -> Array:
        found: Array = values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return found

    def _norm(self, name: str, values: Array) -> Array:
        centred = values - values.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-5))
        found: Array = centred / scale * self._weights[f"{name}.weight"]
        return found + self._weights[f"{name}.bias"]


def _softmax(scores: Array) -> Array:
    powers: Any = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Array = powers / powers.sum(axis=-1, keepdims=True)
    return found
