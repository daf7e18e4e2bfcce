"""The loop that both base recipes run: a time budget, two optimizers, checkpoints that resume.

Hidden matrices are trained with Muon, everything else with AdamW. Muon needs about half the
steps of AdamW on models of this size, and steps are what two CPU cores lack.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks";
the schedule (flat, then linear to zero) is that of Hägele et al. 2024, arXiv:2405.18392.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

Batch = dict[str, Tensor]


@dataclass(kw_only=True)
class Budget:
    """How long to train and how hard.

    Attributes:
        minutes: Core-minutes of computing (one core busy for a minute), over all resumed runs; so
            a machine that is busy with other work trains later, not less.
        muon_rate: Peak learning rate of the hidden matrices.
        adam_rate: Peak learning rate of embeddings, biases and norms.
        flat_until: Share of the time after which the rates fall linearly to zero.
        checkpoint_every: Core-seconds between two checkpoints.
    """

    minutes: float
    muon_rate: float = 0.01
    adam_rate: float = 1.5e-3
    flat_until: float = 0.5
    checkpoint_every: float = 240.0


@dataclass
class Progress:
    """Where a training stands; written into every checkpoint."""

    step: int = 0
    seconds: float = 0.0
    tokens: int = 0
    losses: list[float] = field(default_factory=list)

    @property
    def recent_loss(self) -> float:
        """Mean of the last 100 losses, in nats per token."""
        tail = self.losses[-100:]
        return sum(tail) / len(tail) if tail else math.nan


Reporter = Callable[[Progress], None]


def optimizers_for(model: nn.Module, budget: Budget) -> list[torch.optim.Optimizer]:
    """Give hidden matrices to Muon and all other parameters to AdamW."""
    hidden: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        is_table = any(part in name for part in ("embed", "shared", "wte", "wpe", "lm_head"))
        (rest if is_table or parameter.ndim != 2 else hidden).append(parameter)
    return [
        torch.optim.Muon(hidden, lr=budget.muon_rate, weight_decay=0.01),
        torch.optim.AdamW(rest, lr=budget.adam_rate, betas=(0.9, 0.98), weight_decay=0.01),
    ]


def rate_factor(share: float, step: int, *, flat_until: float, warmup: int = 100) -> float:
    """Return the factor on the peak rates when ``share`` (0 to 1) of the time is spent."""
    rise = min(1.0, (step + 1) / warmup)
    if share <= flat_until:
        return rise
    return rise * max(0.0, (1.0 - share) / (1.0 - flat_until))


def fit(
    model: nn.Module,
    batches: Iterator[Batch],
    *,
    budget: Budget,
    folder: Path,
    report: Reporter | None = None,
    loss_of: Callable[[nn.Module, Batch], Tensor] | None = None,
) -> Progress:
    """Train until the budget is spent; a run that was cut off goes on from its checkpoint.

    Args:
        model: Any model whose output has ``.loss``.
        batches: Endless batches; ``batch["labels"]`` counts the trained tokens (not -100).
        budget: Time and rates.
        folder: Where ``checkpoint.pt`` is kept (weights and optimizer state, tensors only).
        report: Called every 20 steps.
        loss_of: Replaces ``model(**batch).loss``.

    Returns:
        The final progress.
    """
    folder.mkdir(parents=True, exist_ok=True)
    optimizers = optimizers_for(model, budget)
    peaks = [group["lr"] for optimizer in optimizers for group in optimizer.param_groups]
    progress = _resume(folder / "checkpoint.pt", model, optimizers)
    loss_of = loss_of or (lambda network, batch: network(**batch).loss)
    model.train()
    try:
        _train(model, batches, optimizers, peaks, progress, budget, folder, report, loss_of)
    finally:  # an interrupted run goes on from here
        _save(folder / "checkpoint.pt", model, optimizers, progress)
    return progress


def _train(  # noqa: PLR0913, PLR0917 - the loop of `fit`, apart so that `fit` fits a screen
    model: nn.Module,
    batches: Iterator[Batch],
    optimizers: list[torch.optim.Optimizer],
    peaks: list[float],
    progress: Progress,
    budget: Budget,
    folder: Path,
    report: Reporter | None,
    loss_of: Callable[[nn.Module, Batch], Tensor],
) -> None:
    last_save = last = time.process_time()
    while progress.seconds < budget.minutes * 60:
        share = progress.seconds / (budget.minutes * 60)
        factor = rate_factor(share, progress.step, flat_until=budget.flat_until)
        _set_rates(optimizers, peaks, factor)
        batch = next(batches)
        loss = _step(model, batch, optimizers, loss_of)
        now = time.process_time()
        progress.step += 1
        progress.seconds += now - last
        progress.tokens += int((batch["labels"] != -100).sum())
        progress.losses.append(loss)
        del progress.losses[:-200]
        last = now
        if report and progress.step % 20 == 0:
            report(progress)
        if now - last_save > budget.checkpoint_every:
            _save(folder / "checkpoint.pt", model, optimizers, progress)
            last_save = now


def _step(
    model: nn.Module,
    batch: Batch,
    optimizers: list[torch.optim.Optimizer],
    loss_of: Callable[[nn.Module, Batch], Tensor],
) -> float:
    device = next(model.parameters()).device
    batch = {name: tensor.to(device) for name, tensor in batch.items()}
    with torch.autocast(device.type, dtype=torch.bfloat16):
        loss = loss_of(model, batch)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _set_rates(optimizers: list[torch.optim.Optimizer], peaks: list[float], factor: float) -> None:
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    for group, peak in zip(groups, peaks, strict=True):
        group["lr"] = peak * factor


def _save(
    path: Path, model: nn.Module, optimizers: list[torch.optim.Optimizer], progress: Progress
) -> None:
    state: dict[str, Any] = {
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "progress": vars(progress),
    }
    draft = path.with_suffix(".tmp")
    torch.save(state, draft)
    draft.replace(path)


def _resume(path: Path, model: nn.Module, optimizers: list[torch.optim.Optimizer]) -> Progress:
    if not path.exists():
        return Progress()
    state = torch.load(path, weights_only=True, map_location="cpu")
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return Progress(**state["progress"])
