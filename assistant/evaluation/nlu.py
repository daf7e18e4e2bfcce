"""Test the understanding of a bot: on held-out examples, or by cross-validation."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import registry
from assistant.bot import Bot
from assistant.component import Engine, Tools, Understanding
from assistant.errors import DataError
from assistant.messages import Turn
from assistant.models import Reading
from assistant.training_data import Example

from .classification import averages, classification_report
from .remembered_translation import with_memory
from .suite import Kept, Suite
from .understanding_report import ReadExample, intents_of, understanding_suite

BATCH = 64


def cross_validate(
    bot: Bot,
    *,
    folds: int = 5,
    seed: int = 1,
    engine: Engine = "int8",
    tools: Tools | None = None,
    kept: Kept | None = None,
) -> Suite:
    """Train on all folds but one, read that one, and go round.

    The folds are stratified by intent. What one example's text also says under the same intent
    elsewhere is counted once, so that no test example stands in its own training.

    Raises:
        DataError: There are too few examples.
        ModelError: A model that the training needs is missing or damaged.
    """
    tools = with_memory(bot, engine, tools or Tools())
    examples = unique(bot.data.examples)
    parts = split(examples, folds, seed)
    read: list[ReadExample] = []
    for fold, held_out in enumerate(parts):
        tools.tick("cross-validation", fold, len(parts))
        training = [each for i, part in enumerate(parts) if i != fold for each in part]
        quiet = Tools(translator=tools.translator)  # each fold would say the same again
        turns = train_and_read(bot, training, held_out, engine, quiet)
        pairs = zip(held_out, turns, strict=True)
        read += [ReadExample(example=each, turn=turn, fold=fold) for each, turn in pairs]
    tools.tick("cross-validation", len(parts), len(parts))
    suite = understanding_suite(read, kept or Kept())
    by_fold = [
        averages(classification_report(intents_of([r for r in read if r.fold == fold])))["f1"]
        for fold in range(len(parts))
    ]
    suite.notes.append(
        f"{len(read)} examples in {len(parts)} folds, seed {seed}; intent F1 of each fold: "
        + ", ".join(f"{f1:.3f}" for f1 in by_fold)
    )
    rare = sorted(name for name, n in _sizes(examples).items() if n < len(parts))
    if rare:
        suite.notes.append(f"Fewer examples than folds: {', '.join(rare)}.")
    return suite


def read_held_out(
    bot: Bot,
    held_out: Sequence[Example],
    reading: Reading | None,
    *,
    engine: Engine = "int8",
    tools: Tools | None = None,
    kept: Kept | None = None,
) -> Suite:
    """Read examples that were set aside.

    Args:
        bot: The bot.
        held_out: Its test examples.
        reading: The trained bot's; ``None`` trains one on the bot's own examples.
        engine: How the models' numbers are held.
        tools: Told how it goes.
        kept: Which files are written.

    Raises:
        DataError: There are no examples.
    """
    if not held_out:
        raise DataError("The file of test examples holds no examples under nlu:.")
    if reading is None:
        turns = train_and_read(bot, bot.data.examples, held_out, engine, tools or Tools())
    else:
        turns = list(_read(replace(reading, fallback=None), held_out))
    read = [ReadExample(example=e, turn=t) for e, t in zip(held_out, turns, strict=True)]
    suite = understanding_suite(read, kept or Kept())
    known = {each.text.casefold() for each in bot.data.examples}
    seen = sum(each.text.casefold() in known for each in held_out)
    suite.notes.append(f"{len(read)} held-out examples.")
    if seen:
        suite.notes.append(f"{seen} of them also stand in the training files.")
    return suite


def split(examples: Sequence[Example], folds: int, seed: int) -> list[list[Example]]:
    """Divide examples into folds, each intent spread evenly.

    Raises:
        DataError: There are fewer than two folds, or no intent has two examples.
    """
    from sklearn.model_selection import StratifiedKFold

    sizes = _sizes(examples)
    folds = min(folds, max(sizes.values(), default=0))
    if folds < 2:
        raise DataError(
            "Cross-validation needs two folds and an intent with two examples. "
            "Give a file of test examples: --nlu FILE"
        )
    labels = [each.intent for each in examples]
    dealer = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        places = [test for _, test in dealer.split(labels, labels)]
    return [[examples[i] for i in part] for part in places]


def _sizes(examples: Sequence[Example]) -> Counter[str]:
    return Counter(each.intent for each in examples)


def unique(examples: Sequence[Example]) -> list[Example]:
    """Leave out what another example of the same intent says already."""
    return list({(each.text.casefold(), each.intent): each for each in examples}.values())


def train_and_read(
    bot: Bot, training: Sequence[Example], test: Sequence[Example], engine: Engine, tools: Tools
) -> list[Turn]:
    """Train an understanding on some examples of a bot and read others with it.

    Raises:
        ModelError: A model that the training needs is missing or damaged.
    """
    part = registry.understanding()
    translator = tools.translator
    if translator is None and len(bot.languages) > 1:
        translator = registry.translator().load(bot.config.translation.base, engine=engine)
    reduced = replace(bot, data=replace(bot.data, examples=list(training)))
    with tempfile.TemporaryDirectory(prefix="trilogue-test-") as folder:
        part.train(reduced, Path(folder), replace(tools, translator=translator))
        understanding: Understanding = part.load(Path(folder), engine=engine)
        reading = Reading(
            understanding=understanding, languages=bot.languages, translator=translator
        )
        return list(_read(reading, test))


def _read(reading: Reading, examples: Sequence[Example]) -> Iterator[Turn]:
    for start in range(0, len(examples), BATCH):
        yield from reading.process([each.text for each in examples[start : start + BATCH]])
