"""Put a trained bot together: models, engine, store, agent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import registry
from .actions import load_actions
from .agent import Agent
from .bot import Bot, load_bot
from .component import Engine as ServingEngine
from .component import Generator, Translator
from .conversations.store import ConversationStore
from .dialogue.action_runner import ActionRunner, RemoteActions
from .dialogue.engine import Engine
from .dialogue.learned_policy.policy import load_policy
from .dialogue.responses import Responder
from .errors import ModelError
from .fallback import Fallback
from .model_folder import check_files, newest_model
from .models import Models, Reading


@dataclass(kw_only=True)
class LoadedModel:
    """A trained bot in memory.

    Attributes:
        folder: Where it came from.
        bot: Its files as they were when it was trained.
        reading: From text to turn.
        generator: Writes replies, where the bot has one.
    """

    folder: Path
    bot: Bot
    reading: Reading
    generator: Generator | None

    @property
    def translator(self) -> Translator | None:
        """Translates, where the bot serves several languages."""
        return self.reading.translator


def load_model(models: Path, *, engine: ServingEngine = "int8") -> LoadedModel:
    """Load the newest model below a folder, or the model that the folder is.

    Raises:
        ModelError: It is missing or damaged.
    """
    folder = newest_model(models)
    check_files(folder)
    bot = load_bot(folder / "core", validate=False)
    if not (folder / "nlu").is_dir():
        raise ModelError(f"{folder}: holds no trained NLU. Train it: trilogue train")
    understanding = registry.understanding().load(folder / "nlu", engine=engine)
    translator = None
    if len(bot.languages) > 1:
        translator = registry.translator().load(bot.config.translation.base, engine=engine)
    generator = None
    if bot.config.generation and bot.config.generation.enabled:
        adapted = folder / "generation"
        generator = registry.generator().load(adapted if adapted.is_dir() else None, engine=engine)
    reading = Reading(
        understanding=understanding,
        languages=bot.languages,
        translator=translator,
        fallback=fallback_of(bot),
    )
    return LoadedModel(folder=folder, bot=bot, reading=reading, generator=generator)


def fallback_of(bot: Bot) -> Fallback | None:
    """The two thresholds, unless a pipeline is given that leaves them out."""
    if bot.config.pipeline and not bot.config.has("FallbackClassifier"):
        return None
    option = bot.config.option
    return Fallback(
        threshold=option("FallbackClassifier", "threshold", 0.3),
        margin=option("FallbackClassifier", "ambiguity_threshold", 0.1),
    )


def build_engine(
    bot: Bot, *, remote: RemoteActions | None = None, seed: int | None = None
) -> Engine:
    """Put the dialogue engine of a bot together.

    Its actions are imported from its folder, and its learned policy is loaded from there; both
    are part of a trained bot.
    """
    fallback = bot.config.generation.fallback if bot.config.generation else "utter_default"
    runner = ActionRunner(
        bot.domain,
        Responder(bot.domain, bot.config.language, seed=seed),
        load_actions(bot.root),
        remote=remote,
        fallback=fallback,
        seconds=bot.config.actions.seconds,
    )
    return Engine(bot, runner, load_policy(bot))


def build_agent(
    model: LoadedModel,
    models: Models,
    store: ConversationStore,
    *,
    remote: RemoteActions | None = None,
) -> Agent:
    """Put an agent together from a loaded model and the way its models are called."""
    return Agent(model.bot, models, build_engine(model.bot, remote=remote), store)
