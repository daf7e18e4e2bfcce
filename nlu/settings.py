"""The ``nlu:`` block of ``config.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import BotFileError, nearest


class NluSettings(BaseModel):
    """How a bot's understanding is trained.

    Attributes:
        encoder: A local folder, the built-in encoder (``None``), or a hub name.
        training: ``frozen`` trains heads only; ``lora`` first adapts the encoder to the bot;
            ``auto`` is what measured better for the time it takes (see ``docs/nlu.md``).
        rank: Of the LoRA adapter.
        epochs: Passes over the examples when the encoder is adapted.
    """

    model_config = ConfigDict(extra="forbid")

    encoder: str | None = None
    training: Literal["auto", "frozen", "lora"] = "auto"
    rank: int = Field(8, ge=1, le=256)
    epochs: int = Field(6, ge=1, le=100)


def read_settings(block: Mapping[str, Any]) -> NluSettings:
    """Check the block.

    Raises:
        BotFileError: A key or a value is not known.
    """
    try:
        return NluSettings.model_validate(dict(block))
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            hint = nearest(key, NluSettings.model_fields)
            raise BotFileError("config.yml", f"nlu.{key}: no such key. {hint}") from error
        raise BotFileError("config.yml", f"nlu.{key}: {fault['msg']}.") from error
