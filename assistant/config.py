"""A bot's ``config.yml``: Rasa's keys, and the blocks that only Trilogue has."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .author_code import SECONDS
from .config_notices import check_components
from .errors import nearest
from .files.yaml_file import YamlFile, plain


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GenerationConfig(_Block):
    """The ``generation:`` block.

    Attributes:
        enabled: Whether the generator answers at all.
        base: A local folder, the built-in base, or a hub name such as ``gpt2``.
        rank: Of the LoRA adapter; 0 trains none.
        epochs: Passes over the bot's own dialogues.
        max_tokens: Per reply.
        floor: Below this mean probability of the opening a template answers instead.
        fallback: The response that answers then.
    """

    enabled: bool = True
    base: str | None = None
    rank: int = Field(default=8, ge=0, le=256)
    epochs: int = Field(default=1, ge=0, le=100)
    max_tokens: int = Field(default=48, ge=1, le=512)
    floor: float = Field(default=0.4, ge=0.0, le=1.0)
    fallback: str = "utter_default"


class TranslationConfig(_Block):
    """The ``translation:`` block.

    Attributes:
        languages: What people may write; answers come back in the same language.
        base: A local folder, the built-in base, or a hub name.
    """

    languages: list[str] = Field(default_factory=list)
    base: str | None = None


class SentimentConfig(_Block):
    """The ``sentiment:`` block.

    Attributes:
        slot: Slot that is set after every message to calm, upset or upset_again.
        upset_below: Strength in [-1, 1] under which a customer counts as upset.
    """

    slot: str | None = None
    upset_below: float = Field(default=-0.5, ge=-1.0, le=1.0)


class ActionsConfig(_Block):
    """The ``actions:`` block.

    Attributes:
        seconds: How long an action or check in Python may take; then the turn ends.
    """

    seconds: float = Field(default=SECONDS, gt=0.0, le=3600.0)


class Config(_Block):
    """The whole of ``config.yml``.

    Attributes:
        pipeline: Rasa's components with their options; ``None`` or empty for the default.
        policies: Likewise.
        importers: Rasa's; where one is ``MultiProjectImporter``, ``imports`` are read.
        imports: Folders of other bots below this one.
        spaces, train_schema, predict_schema: Rasa's; they have no meaning here.
        nlu: How the understanding is trained.
    """

    version: str | float | None = None
    recipe: str = "default.v1"
    assistant_id: str = "trilogue"
    language: str = "en"
    pipeline: list[dict[str, Any]] | None = None
    policies: list[dict[str, Any]] | None = None
    importers: list[Any] | None = None
    imports: list[str] = Field(default_factory=list)
    spaces: Any = None
    train_schema: Any = None
    predict_schema: Any = None
    nlu: dict[str, Any] = Field(default_factory=dict)
    generation: GenerationConfig | None = None
    translation: TranslationConfig = Field(default_factory=TranslationConfig)
    sentiment: SentimentConfig = SentimentConfig()
    actions: ActionsConfig = ActionsConfig()

    def option(self, component: str, key: str, default: float) -> float:
        """Return a number from the settings of a Rasa component, e.g. FallbackClassifier."""
        for entry in [*(self.pipeline or []), *(self.policies or [])]:
            if entry.get("name", "").split(".")[-1] == component and entry.get(key) is not None:
                return float(entry[key])
        return default

    def has(self, component: str) -> bool:
        """Whether the pipeline or the policies name a component."""
        entries = [*(self.pipeline or []), *(self.policies or [])]
        return any(entry.get("name", "").split(".")[-1] == component for entry in entries)


_BLOCKS: dict[str, type[BaseModel]] = {
    "generation": GenerationConfig,
    "translation": TranslationConfig,
    "sentiment": SentimentConfig,
    "actions": ActionsConfig,
}


_WITHOUT_MEANING = ("spaces", "train_schema", "predict_schema")


def read_config(file: YamlFile) -> Config:
    """Check a config file; each fault is noted with its line, and so is what has no meaning."""
    data = {
        key: value
        for key, value in (plain(file.data) or {}).items()
        if value is not None and not _is_of_others(file, key)
    }
    check_components(file)
    for key in _WITHOUT_MEANING:
        if data.get(key) is not None:
            file.notice(file.data, f"{key} has no meaning here.", key=key)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            _note(file, fault["loc"], fault["type"], fault["msg"])
        return Config()


def _is_of_others(file: YamlFile, key: str) -> bool:
    """Whether a key is for other programs, as Rasa allows; a misspelt key of ours is not."""
    if key in Config.model_fields or get_close_matches(key, Config.model_fields, n=1):
        return False
    file.notice(file.data, f"{key} has no meaning here.", key=key)
    return True


def _note(file: YamlFile, path: tuple[int | str, ...], kind: str, message: str) -> None:
    node: Any = file.data
    for key in path[:-1]:
        node = node[key]
    dotted = ".".join(str(key) for key in path)
    if kind == "extra_forbidden":
        known = (_BLOCKS.get(str(path[0]), Config) if len(path) > 1 else Config).model_fields
        file.fault(node, f"{dotted}: no such key. {nearest(str(path[-1]), known)}", key=path[-1])
    else:
        file.fault(node, f"{dotted}: {message}.", key=path[-1])
