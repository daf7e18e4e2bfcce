"""Train a bot's understanding: its encoder where asked, then its heads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.bot import Bot
from assistant.component import Tools
from assistant.errors import BotFileError
from assistant.training_data import Example

from .encoder import Encoded, load_encoder, reads_as_it_is, sentence_means
from .encoding_cache import encode_once
from .entities.options import TaggerOptions, options_json, read_options
from .linear_head_training import train_head
from .lora_training import SentimentHead, adapt_encoder
from .ngrams import counts, inverse_document_frequency, weighted
from .part import FORMAT
from .patterns import Patterns
from .pivots import pivot_texts
from .response_labels import answers_as_examples
from .sentiment import SentimentReader
from .settings import NluSettings, read_settings
from .shared_encoder import SENTIMENT, shared_encoder
from .tagger_training import Tagged, train_tagger
from .tags import tag_names, tags_of
from .tensors import Tensors, write_tensors
from .word_features import hashed, word_features
from .words import split_words, word_states

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DESCRIPTION = "nlu.json"
TENSORS = "nlu.safetensors"
ADAPTER = "adapter"
RESERVED_EVERY = 6


@dataclass(frozen=True, slots=True)
class Material:
    """The examples as the heads see them.

    Shapes: n = examples, k = n-gram columns that occur, b = all columns, d = width.

    Attributes:
        examples: In the order of the files.
        pivots: The text that the encoder read, where it is a translation.
        held_out: ``[n]``, those that the adapter has not seen; none where none was trained.
        encoded: States, by text.
        reads: Whether the encoder knows the script of a text.
        means: ``[n, d]``.
        ngrams: ``[n, k]``.
        idf: ``[b]``.
        columns: ``[k]``.
    """

    examples: Sequence[Example]
    pivots: Sequence[str | None]
    held_out: NDArray[np.bool_]
    encoded: dict[str, Encoded]
    reads: Callable[[str], bool]
    means: NDArray[np.float32]
    ngrams: csr_matrix
    idf: NDArray[np.float32]
    columns: NDArray[np.int32]


def train(bot: Bot, folder: Path, tools: Tools) -> None:
    """Train on the bot's examples and save in ``folder``; nothing but ``bot`` is read.

    Raises:
        BotFileError: The bot has no examples, or its ``nlu:`` block or a regex has a fault.
        ModelError: The encoder is missing or damaged.
    """
    settings = read_settings(bot.config.nlu)
    examples = [each for each in bot.data.examples if each.text.strip()]
    if not examples:
        raise BotFileError("nlu", "the bot has no examples. Write some in data/nlu.yml.")
    examples += answers_as_examples(bot, {each.intent for each in examples})
    marked = {span.entity for each in examples for span in each.entities}
    steps = read_options(bot.config.pipeline, {*bot.domain.entities, *marked})
    tagger = next((each for each in steps if isinstance(each, TaggerOptions)), None)
    patterns = Patterns.compile(
        bot.data.regexes, bot.data.lookups, tagger.patterns if tagger else None
    )
    folder.mkdir(parents=True, exist_ok=True)
    base, sentiment = shared_encoder(settings.encoder)
    pivots = _pivots(bot, examples, base, tools)
    encoder_folder = base
    held_out = np.zeros(len(examples), dtype=bool)
    adapted = _is_adapted(settings)
    if adapted:
        held_out = _reserved(examples)
        head = SentimentHead.of(SentimentReader.load(SENTIMENT)) if sentiment else None
        lesson = [
            (text, each.intent)
            for text, each, out in zip(_as_read(examples, pivots), examples, held_out, strict=True)
            if not out
        ]
        encoder_folder = adapt_encoder(
            base, lesson, folder / ADAPTER, settings, tools, sentiment=head
        )
    material = _material(encoder_folder, examples, pivots, held_out, tools)
    described, tensors = _heads(material, patterns if tagger else None, tools)
    described |= {
        "format": FORMAT,
        "encoder": settings.encoder,
        "adapted": adapted,
        "sentiment": sentiment,
        "language": bot.config.language,
        "entity_steps": options_json(steps),
        "literal": sorted({*bot.intents, *(each.base_intent for each in examples)}),
        "synonyms": _synonyms(bot, examples),
        "regexes": bot.data.regexes,
        "lookups": bot.data.lookups,
    }
    write_tensors(folder / TENSORS, tensors)
    text = json.dumps(described, ensure_ascii=False, indent=1)
    (folder / DESCRIPTION).write_text(text, encoding="utf-8")


def _is_adapted(settings: NluSettings) -> bool:
    """``auto`` leaves the encoder as it is, which measured as good and is quicker."""
    return settings.training == "lora"


def _reserved(examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Keep every sixth example of an intent from the adapter, to calibrate on.

    On examples that the encoder was adapted to, confidences would look far too good.
    """
    seen: Counter[str] = Counter()
    held_out = np.zeros(len(examples), dtype=bool)
    for i, each in enumerate(examples):
        seen[each.intent] += 1
        held_out[i] = seen[each.intent] % RESERVED_EVERY == 0
    return held_out


def _pivots(bot: Bot, examples: Sequence[Example], encoder: Path, tools: Tools) -> list[str | None]:
    texts, known = [each.text for each in examples], reads_as_it_is(encoder)
    if tools.translator is not None and len(bot.languages) > 1 and not all(map(known, texts)):
        tools.notice("Reading examples of other languages")
    return pivot_texts(texts, bot.languages, tools.translator, reads_as_it_is=known)


def _as_read(examples: Sequence[Example], pivots: Sequence[str | None]) -> list[str]:
    """The text of each example that the encoder reads."""
    pairs = zip(examples, pivots, strict=True)
    return [each.text if pivot is None else pivot for each, pivot in pairs]


def _material(
    folder: Path,
    examples: Sequence[Example],
    pivots: Sequence[str | None],
    held_out: NDArray[np.bool_],
    tools: Tools,
) -> Material:
    """Encode the examples with the engine that serves by default."""
    tools.notice("Encoding the examples")
    read = _as_read(examples, pivots)
    encoder = load_encoder(folder)
    encoded = encode_once(
        encoder,
        folder,
        read,
        tick=lambda done, of: tools.tick("encoding", done, of),
    )
    found = counts([each.text for each in examples])
    idf = inverse_document_frequency(found)
    columns = np.unique(found.indices).astype(np.int32)
    return Material(
        examples=examples,
        pivots=pivots,
        held_out=held_out,
        encoded=encoded,
        reads=encoder.reads,
        means=sentence_means(encoder, read, encoded),
        ngrams=weighted(found, idf)[:, columns],
        idf=idf,
        columns=columns,
    )


def _heads(
    material: Material, patterns: Patterns | None, tools: Tools
) -> tuple[dict[str, Any], Tensors]:
    """Train every head; returns what is said of them in JSON, and their tensors.

    Without ``patterns`` no tagger is trained.
    """
    examples = material.examples
    tensors: Tensors = {"idf": material.idf, "columns": material.columns}
    tools.notice("Training the intents")
    intents, found = train_head(
        material.means,
        material.ngrams,
        np.array([pivot is not None for pivot in material.pivots]),
        [each.intent for each in examples],
        material.held_out,
    )
    tensors |= found
    tags = _train_entities(material, patterns, tensors, tools) if patterns else []
    return {"intents": intents, "tags": tags}, tensors


def _train_entities(
    material: Material, patterns: Patterns, tensors: Tensors, tools: Tools
) -> list[str]:
    """Add the tagger's tensors and return its tags; without annotations there are none."""
    names = tag_names([span for each in material.examples for span in each.entities])
    if len(names) == 1:
        return []
    tools.notice("Training the entities")
    width = material.means.shape[1]
    sentences = []
    for each, pivot in zip(material.examples, material.pivots, strict=True):
        words = split_words(each.text)
        if not words:
            continue
        has_states = pivot is None and material.reads(each.text)
        read = material.encoded[each.text] if has_states else None
        states = word_states(words, read, width)
        features = hashed(word_features(each.text, words, patterns))
        sentences.append(Tagged(features, states, tags_of(words, each.entities, names)))
    tensors |= train_tagger(
        sentences, tuple(names), tick=lambda done, of: tools.tick("entities", done, of)
    )
    return names


def _synonyms(bot: Bot, examples: Sequence[Example]) -> dict[str, str]:
    """Synonyms of the files, and those that annotations imply."""
    implied = {
        each.text[span.start : span.end].lower(): span.value
        for each in examples
        for span in each.entities
        if span.value != each.text[span.start : span.end]
    }
    return implied | {surface.lower(): value for surface, value in bot.data.synonyms.items()}
