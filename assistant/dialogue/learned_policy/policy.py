"""The learned policy: predicts where no rule and no story says how to go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from assistant.bot import Bot
from assistant.dialogue.prediction import Prediction
from assistant.dialogue.states import State
from assistant.dialogue.tracker import LISTEN
from assistant.errors import ModelError

from .features import Vocabulary
from .inference import DialogueInference
from .settings import LearnedSettings, learned_settings
from .unlikely_intent import before_message

FOLDER = "learned_policy"
"""Where a trained bot keeps it, below the copy of its files."""
WEIGHTS, DESCRIPTION = "policy.safetensors", "policy.json"


class LearnedPolicy:
    """Predicts by a trained network; its counterpart in Rasa is TEDPolicy.

    Args:
        network: The trained network.
        vocabulary: What its numbers stand for.
        history: Most states that it looks back on.
        settings: How it is used.
        thresholds: For each intent the score below which it is unlikely; may be empty.
    """

    def __init__(
        self,
        network: DialogueInference,
        vocabulary: Vocabulary,
        settings: LearnedSettings,
        *,
        history: int,
        thresholds: Sequence[float] = (),
    ) -> None:
        self._network = network
        self._vocabulary = vocabulary
        self._settings = settings
        self._history = history
        self._thresholds = {
            intent: threshold
            for intent, threshold in zip(vocabulary.intents, thresholds, strict=False)
            if intent not in settings.ignored_intents
        }

    @property
    def overrules(self) -> bool:
        """Whether it may win against a rule or a story: by a message's words."""
        return bool(self._vocabulary.wordings)

    @classmethod
    def load(cls, folder: Path, settings: LearnedSettings) -> LearnedPolicy:
        """Load what training saved.

        Raises:
            ModelError: The folder is damaged.
        """
        try:
            data = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
            shape, names = data["shape"], data["vocabulary"]
            network = DialogueInference(load_file(folder / WEIGHTS), heads=shape["heads"])
            vocabulary = Vocabulary(**{key: tuple(found) for key, found in names.items()})
            return cls(
                network, vocabulary, settings,
                history=shape["history"], thresholds=data["thresholds"],
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelError(
                f"{folder}: the learned policy is damaged ({error}). Train again: trilogue train"
            ) from error

    def predict(
        self,
        states: Sequence[State],
        *,
        said: Sequence[State] = (),
        refused: str | None = None,
    ) -> list[Prediction]:
        """Return the most probable action; none where the policy only judges intents.

        Args:
            states: Of the conversation, the present one last.
            said: The same with the message's words in the place of its intent; they count where
                a story has such words, are sure enough, and surer than the intent; one that no
                story has says nothing.
            refused: An action that may not come.
        """
        if not self._settings.decides:
            return []
        found = self._most_probable(states, refused)
        if said and self._vocabulary.knows_wording(said[-1].text or ""):
            worded = self._most_probable(said, refused)
            told = states[-1].intent in self._vocabulary.intents
            least = max(found.confidence if told else 0.0, self._settings.words_from)
            if worded.confidence >= least:
                return [replace(worded, end_to_end=True)]
        return [found]

    def _most_probable(self, states: Sequence[State], refused: str | None) -> Prediction:
        odds = self._network.actions(self._vocabulary.numbers([states], self._history))[0]
        if refused in self._vocabulary.actions:
            odds[self._vocabulary.actions.index(refused)] = 0.0
        best = int(np.argmax(odds))
        return Prediction(
            action=self._vocabulary.actions[best],
            confidence=float(odds[best]),
            policy="LearnedPolicy",
        )

    def finds_unlikely(self, states: Sequence[State]) -> bool:
        """Whether the last message hardly ever comes here; never for an intent without stories."""
        now = states[-1]
        threshold = self._thresholds.get(now.intent or "")
        if threshold is None or now.previous != LISTEN:
            return False
        numbers = self._vocabulary.numbers([before_message(states)], self._history)
        place = self._vocabulary.intents.index(now.intent or "")
        return float(self._network.intents(numbers)[0, place]) < threshold


def has_policy(folder: Path) -> bool:
    """Whether a trained policy lies in a folder."""
    return (folder / DESCRIPTION).is_file()


def load_policy(bot: Bot) -> LearnedPolicy | None:
    """Load the policy that was trained for a bot; ``None`` where it has or wants none.

    Raises:
        ModelError: It is damaged.
    """
    folder = bot.root / FOLDER
    settings = learned_settings(bot.config)
    if settings is None or not has_policy(folder):
        return None
    return LearnedPolicy.load(folder, settings)
