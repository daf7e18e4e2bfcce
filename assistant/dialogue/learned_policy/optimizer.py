"""AdamW by torch's functional form, at a rate that falls when the loss does not.

``torch.optim.AdamW`` imports torch's compiler, which takes more time and memory than the whole
training of a small bot's policy.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.optim.adamw import adamw

DECAY = 0.01
FALL = 0.3
PATIENCE = 1
BETTER = 0.02
"""Share by which the loss has to fall to count as lower."""


class Optimizer:
    """Changes parameters by their gradients.

    Args:
        parameters: Of the network.
        rate: Learning rate to begin with.
    """

    def __init__(self, parameters: Iterable[Tensor], rate: float) -> None:
        self.rate = rate
        self._parameters = list(parameters)
        self._means = [torch.zeros_like(each) for each in self._parameters]
        self._squares = [torch.zeros_like(each) for each in self._parameters]
        self._steps = [torch.zeros(()) for _ in self._parameters]
        self._lowest = float("inf")
        self._idle = 0

    @torch.no_grad()
    def step(self) -> None:
        """Take one step, and forget the gradients; a parameter without one stays as it is."""
        own = [i for i, each in enumerate(self._parameters) if each.grad is not None]
        adamw(
            [self._parameters[i] for i in own],
            [grad for i in own if (grad := self._parameters[i].grad) is not None],
            [self._means[i] for i in own], [self._squares[i] for i in own], [],
            [self._steps[i] for i in own],
            amsgrad=False, beta1=0.9, beta2=0.999, lr=self.rate, weight_decay=DECAY, eps=1e-8,
            maximize=False,
        )  # fmt: skip
        for each in self._parameters:
            each.grad = None

    def look_at(self, loss: float) -> None:
        """Lower the rate after more than `PATIENCE` rounds without a lower loss."""
        if loss < self._lowest * (1 - BETTER):
            self._lowest, self._idle = loss, 0
        else:
            self._idle += 1
        if self._idle > PATIENCE:
            self.rate, self._idle = self.rate * FALL, 0
