from __future__ import annotations

import pytest
import torch
from torch import nn

from assistant.dialogue.learned_policy.optimizer import DECAY, Optimizer


def test_a_step_is_that_of_torchs_own_adamw() -> None:
    ours, theirs, data = nn.Linear(5, 3), nn.Linear(5, 3), torch.randn(8, 5)
    theirs.load_state_dict(ours.state_dict())
    optimizer = Optimizer(ours.parameters(), 2e-3)
    reference = torch.optim.AdamW(theirs.parameters(), lr=2e-3, weight_decay=DECAY)

    for _ in range(10):
        ours(data).square().mean().backward()
        optimizer.step()
        theirs(data).square().mean().backward()
        reference.step()
        reference.zero_grad()

    torch.testing.assert_close(ours.weight, theirs.weight)


def test_the_rate_falls_after_two_rounds_without_a_lower_loss() -> None:
    optimizer = Optimizer(nn.Linear(1, 1).parameters(), 1.0)
    rates = []
    for loss in (3.0, 2.0, 1.99, 2.5, 1.0):
        optimizer.look_at(loss)
        rates.append(optimizer.rate)

    assert rates == pytest.approx([1.0, 1.0, 1.0, 0.3, 0.3])
