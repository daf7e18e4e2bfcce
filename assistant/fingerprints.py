"""What each part of a model is trained on, as a SHA-256: an unchanged part is not trained again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from .bot import Bot
from .dialogue.learned_policy.settings import LearnedSettings
from .model_folder import trilogue_version


def fingerprints(bot: Bot, learned: LearnedSettings | None = None) -> dict[str, str]:
    """Say for each part of a bot's model what it would be trained on.

    Args:
        bot: The bot.
        learned: How its learned policy is trained; ``None`` where it has none.
    """
    base = trilogue_version()
    examples = [asdict(example) | {"where": ""} for example in bot.data.examples]
    stories = [_without_places(story) for story in [*bot.stories, *bot.rules]]
    contents = [path.read_text(encoding="utf-8-sig") for path in bot.files]
    found = {
        "core": _digest([base, contents]),
        "nlu": _digest(_understanding(bot, base, examples)),
    }
    if learned is not None and bot.stories:
        domain = [bot.domain.intents, bot.domain.entities, bot.domain.slots, bot.domain.forms]
        found["policy"] = _digest([base, stories, domain, asdict(learned)])
    generation = bot.config.generation
    if generation and generation.enabled:
        spoken = {name: [v.text for v in vs] for name, vs in bot.domain.responses.items()}
        dialogues = [path.read_text("utf-8") for path in sorted(bot.root.glob("data/*.jsonl"))]
        found["generation"] = _digest(
            [base, examples, spoken, stories, dialogues, generation.model_dump(),
             _base_stamp("generation/base/model")]
        )  # fmt: skip
    return found


def _understanding(bot: Bot, base: str, examples: list[dict[str, Any]]) -> list[Any]:
    config = bot.config.model_dump()
    words = [bot.data.synonyms, bot.data.regexes, bot.data.lookups]
    return [
        base, examples, words, config["nlu"], config["pipeline"], config["language"],
        config["translation"], _base_stamp("translation/base/model"),
        _base_stamp("nlu/sentiment/head"),
    ]  # fmt: skip


def _without_places(value: Any) -> Any:  # noqa: ANN401
    """Leave ``where`` out: a comment above a story changes nothing that is learned."""
    if is_dataclass(value):
        kept = {f.name: getattr(value, f.name) for f in fields(value) if f.name != "where"}
        return [type(value).__name__, _without_places(kept)]
    if isinstance(value, dict):
        return {key: _without_places(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_places(each) for each in value]
    return value


def _base_stamp(path: str) -> str:
    """Name the built-in weights that are installed, so that new ones train anew."""
    package, _, rest = path.partition("/")
    weights = Path(str(files(package).joinpath(f"{rest}.safetensors")))
    if not weights.exists():
        return ""
    with weights.open("rb") as file:
        return hashlib.sha256(file.read(1 << 20)).hexdigest()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
