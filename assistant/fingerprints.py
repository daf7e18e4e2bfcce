"""What each part of a model is trained on, as a SHA-256: an unchanged part is not trained again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from . import registry
from .bot import Bot
from .dialogue.learned_policy.settings import FORMAT, LearnedSettings
from .model_folder import files_to_keep, sha256, slot_code, trilogue_version


def fingerprints(bot: Bot, learned: LearnedSettings | None = None) -> dict[str, str]:
    """Say for each part of a bot's model what it would be trained on.

    Args:
        bot: The bot.
        learned: How its learned policy is trained; ``None`` where it has none.

    Returns:
        A digest by part. It counts the formats in which this version writes the parts too, so
        that one that cannot be read any more is trained anew.
    """
    base = trilogue_version()
    examples = [asdict(example) | {"where": ""} for example in bot.data.examples]
    stories = [_without_places(story) for story in [*bot.stories, *bot.rules]]
    kept = {
        str(path.relative_to(bot.root)): sha256(path)
        for path in files_to_keep(bot)
        if path.is_relative_to(bot.root)
    }
    found = {
        "core": _digest([base, kept]),
        "nlu": _digest(_understanding(bot, base, examples)),
    }
    if learned is not None and bot.stories:
        domain = [bot.domain.intents, bot.domain.entities, bot.domain.slots, bot.domain.forms]
        classes = [sha256(path) for path in slot_code(bot)]
        found["policy"] = _digest([base, FORMAT, stories, domain, classes, asdict(learned)])
    generation = bot.config.generation
    if generation and generation.enabled:
        spoken = {name: [v.text for v in vs] for name, vs in bot.domain.responses.items()}
        dialogues = [path.read_text("utf-8") for path in sorted(bot.root.glob("data/*.jsonl"))]
        found["generation"] = _digest(
            [base, registry.generator().FORMAT, examples, spoken, stories, dialogues,
             generation.model_dump(), bot.config.language, bot.config.sentiment.slot,
             _base_stamp("generation/base/model")]
        )  # fmt: skip
    return found


def _understanding(bot: Bot, base: str, examples: list[dict[str, Any]]) -> list[Any]:
    config = bot.config.model_dump()
    words = [bot.data.synonyms, bot.data.regexes, bot.data.lookups]
    names = [sorted(bot.intents), sorted(bot.domain.entities)]
    answers = {
        name: [v.text for v in vs] for name, vs in bot.domain.responses.items() if "/" in name
    }
    return [
        base, registry.understanding().FORMAT, examples, words, names, answers, config["nlu"],
        config["pipeline"], config["language"], config["translation"],
        _base_stamp("translation/base/model"), _base_stamp("nlu/sentiment/head"),
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
