"""How the learned policy is trained and used: TEDPolicy's and UnexpecTEDIntentPolicy's options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.config import Config
from assistant.dialogue.policy_settings import options_of

FORMAT = 1
"""Number of the layout that training writes: another one, and every policy is trained anew."""
OLDER = ("KerasPolicy", "EmbeddingPolicy", "SklearnPolicy")
"""Policies of earlier versions that learned from stories; their options mean nothing here."""
LONGEST_HISTORY = 8
"""States that are looked back on where a bot sets no limit; in small bots more only overfits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedSettings:
    """How the learned policy is trained and used.

    Attributes:
        decides: Whether it predicts actions.
        judges_intents: Whether it tells unlikely intents.
        history: Most states it looks back on.
        epochs: Most passes over the examples.
        augmentation: How many stories are glued together, in tens.
        seed: Of everything random.
        words_from: Confidence from which a prediction from the message's words counts.
        tolerance: Share of the places without an intent at which it is not unlikely.
        ignored_intents: That are never unlikely.
        width: Of the network's layers.
        layers: Of the network.
        heads: Of its attention.
        dropout: Share of the numbers that a training step leaves out.
        forget: Share of the features that a training step leaves out.
        shorten: Share of the examples whose older states a training step leaves out.
        balance: From 0 (each example counts alike) to 1 (each action counts alike).
        rate: Learning rate, until the loss falls no more.
        batch: Examples of a step.
    """

    decides: bool = True
    judges_intents: bool = False
    history: int = 5
    epochs: int = 100
    augmentation: int = 50
    seed: int = 1
    words_from: float = 0.5
    tolerance: float = 0.0
    ignored_intents: tuple[str, ...] = ()
    width: int = 64
    layers: int = 1
    heads: int = 4
    dropout: float = 0.1
    forget: float = 0.1
    shorten: float = 0.5
    balance: float = 0.5
    rate: float = 2e-3
    batch: int = 64


def learned_settings(config: Config, *, augmentation: int = 50) -> LearnedSettings | None:
    """Read what ``config.yml`` says; ``None`` where neither policy is named.

    An empty list of policies stands for TEDPolicy among others, without UnexpecTEDIntentPolicy:
    whoever wants ``action_unlikely_intent`` names it.
    """
    if not config.policies:
        return LearnedSettings(augmentation=augmentation)
    ted, unexpected = options_of(config, "TEDPolicy"), options_of(config, "UnexpecTEDIntentPolicy")
    if ted is None and any(options_of(config, name) is not None for name in OLDER):
        ted = {}
    if ted is None and unexpected is None:
        return None
    options: dict[str, Any] = {**(unexpected or {}), **(ted or {})}
    judged = unexpected or {}
    history = options.get("max_history") or LONGEST_HISTORY
    default = LearnedSettings()
    return LearnedSettings(
        decides=ted is not None,
        judges_intents=unexpected is not None,
        history=int(history),
        epochs=int(options.get("epochs") or default.epochs),
        augmentation=augmentation,
        seed=int(options.get("random_seed") or default.seed),
        words_from=float(options.get("e2e_confidence_threshold", default.words_from)),
        tolerance=float(judged.get("tolerance", default.tolerance)),
        ignored_intents=tuple(judged.get("ignore_intents_list") or ()),
    )
