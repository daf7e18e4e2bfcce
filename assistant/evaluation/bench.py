"""A bot on the test bench: what runs each of its suites."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from assistant import registry
from assistant.assembly import LoadedModel, build_engine, load_model
from assistant.bot import Bot, read_examples, read_test_stories
from assistant.component import Engine, Tools, Translator
from assistant.errors import DataError, ModelError
from assistant.model_folder import newest_model
from assistant.training_data import TrainingData

from .generation import dialogues_of, read_dialogues, run_dialogues
from .nlu import cross_validate, read_held_out
from .stories import run_stories
from .suite import Kept, Suite
from .translation import read_pairs, run_pairs

SUITES = ("nlu", "core", "translation", "generation")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOptions:
    """What is tested, and what is written of it.

    Attributes:
        nlu: Held-out examples; without them the bot's examples are cross-validated.
        stories: Test conversations; the bot's ``test_*`` files.
        pairs: Translation pairs; ``tests/translation_pairs.tsv``.
        folds: Of the cross-validation.
        cross_validate: Also where examples are held out.
        reads: Whether the messages of test conversations are read, or count as understood.
        most_stories: Only so many of the test conversations.
        kept: Which files are written.
    """

    __test__ = False  # no class of tests, though pytest would take it for one

    nlu: Path | None = None
    stories: Path | None = None
    pairs: Path | None = None
    folds: int = 5
    cross_validate: bool = False
    reads: bool = True
    most_stories: int | None = None
    kept: Kept = field(default_factory=Kept)


@dataclass(kw_only=True)
class Bench:
    """A bot whose models are loaded when a suite first needs them."""

    bot: Bot
    models: Path
    engine: Engine = "int8"
    tools: Tools = field(default_factory=Tools)
    options: TestOptions = field(default_factory=TestOptions)

    @property
    def works(self) -> dict[str, Callable[[], Suite]]:
        """What runs each suite."""
        return {
            "nlu": self.nlu,
            "core": self.core,
            "translation": self.translation,
            "generation": self.generation,
        }

    @property
    def model_name(self) -> str | None:
        """The name of the trained model, where there is one."""
        try:
            return newest_model(self.models).name
        except ModelError:
            return None

    @cached_property
    def model(self) -> LoadedModel:
        """The trained bot.

        Raises:
            ModelError: It is missing or damaged.
        """
        self.tools.notice("Loading the trained bot …")
        return load_model(self.models, engine=self.engine)

    def nlu(self) -> Suite:
        """Read held-out examples, or cross-validate."""
        options, held_out = self.options, self.bot.held_out
        if options.nlu is not None:
            if not options.nlu.exists():
                raise DataError(f"{options.nlu}: no such file of test examples.")
            held_out = read_examples(options.nlu, self.bot.root)
        if options.cross_validate or not (held_out.examples or options.nlu):
            bot = self._with(held_out) if options.nlu else self.bot
            return cross_validate(
                bot, folds=options.folds, engine=self.engine, tools=self.tools, kept=options.kept
            )
        reading = self.model.reading if self.model_name else None
        return read_held_out(
            self.bot, held_out.examples, reading,
            engine=self.engine, tools=self.tools, kept=options.kept,
        )  # fmt: skip

    def _with(self, data: TrainingData) -> Bot:
        """The bot with other examples, and the words that it knows."""
        known = replace(self.bot.data, examples=data.examples)
        return replace(self.bot, data=known)

    def core(self) -> Suite:
        """Play the test conversations."""
        path = self.options.stories
        if path is not None and not path.exists():
            raise DataError(f"{path}: no such file or folder of test conversations.")
        stories = self.bot.tests if path is None else read_test_stories(path, self.bot.root)
        if not stories:
            return Suite(name="core", notes=["No test conversations in tests/test_*.yml."])
        model = self.model
        return asyncio.run(
            run_stories(
                model.bot, build_engine(model.bot, seed=0), stories,
                model.reading.process if self.options.reads else None,
                self.tools, most=self.options.most_stories, kept=self.options.kept,
            )
        )  # fmt: skip

    def translation(self) -> Suite:
        """Translate the sentence pairs both ways."""
        path = self.options.pairs
        source = path or self.bot.root / "tests" / "translation_pairs.tsv"
        if not source.exists():
            if path is not None:
                raise DataError(f"{path}: no such file of translation pairs.")
            return Suite(
                name="translation", notes=["No translation pairs in tests/translation_pairs.tsv."]
            )
        return run_pairs(self._translator(), read_pairs(source, self.bot.root), self.tools)

    def _translator(self) -> Translator:
        part = registry.translator()
        return part.load(self.bot.config.translation.base, engine=self.engine)

    def generation(self) -> Suite:
        """Let the generator answer dialogues, or the test conversations themselves."""
        settings = self.bot.config.generation
        if settings is None or not settings.enabled:
            return Suite(name="generation", notes=["The bot has no generator."])
        source = self.bot.root / "tests" / "dialogues.jsonl"
        path = self.options.stories
        if source.exists():
            dialogues, of = read_dialogues(source, self.bot.root), "tests/dialogues.jsonl"
        else:
            tests = self.bot.tests if path is None else read_test_stories(path, self.bot.root)
            dialogues, of = dialogues_of(tests, self.bot), "the test conversations"
        if not dialogues:
            note = "No dialogues: write tests/dialogues.jsonl, or test conversations."
            return Suite(name="generation", notes=[note])
        model = self.model
        if model.generator is None:
            raise ModelError(f"{model.folder}: was trained without a generator.")
        return run_dialogues(model.generator, model.reading, dialogues, self.tools, of=of)
