"""Compare configurations of a bot by learning curves, as Rasa's comparison of NLU pipelines.

In each run a fifth of the examples is set aside, the same one for every configuration. Of the
rest, shares are left out, and what was trained on the remainder reads the fifth.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from assistant.bot import Bot
from assistant.component import Engine, Tools
from assistant.config import Config, read_config
from assistant.errors import BotFileError
from assistant.files.yaml_file import Faults, read_yaml
from assistant.training_data import Example

from .classification import averages, classification_report
from .curve_picture import curve_picture
from .nlu import split, train_and_read, unique
from .remembered_translation import with_memory
from .suite import Kept, Suite
from .understanding_report import ReadExample, intents_of, understanding_suite

HELD_OUT_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is compared.

    Attributes:
        configs: The configuration files; none compares the trained models of a folder.
        runs: How often, each time with another fifth set aside.
        left_out: Shares of the training examples that are left out, in percent.
    """

    configs: Sequence[Path] = ()
    runs: int = 3
    left_out: Sequence[int] = (0, 25, 50, 75)


def compare_configs(bot: Bot, plan: Compared, out: Path, *, engine: Engine, tools: Tools) -> Suite:
    """Train and test every configuration on every share in every run.

    Each run's reports go below ``out``.

    Returns:
        A suite whose ``results.json`` has, by configuration, one list for each run with the
        weighted intent F1 at each share, as Rasa's; and the picture of the curves.

    Raises:
        BotFileError: Two configurations have one name, or there is no such file.
        BotFilesError: A configuration has faults.
        DataError: There are too few examples.
    """
    bots = {path.stem: replace(bot, config=config_of(path)) for path in plan.configs}
    if len(bots) < len(plan.configs):
        raise BotFileError("-c", "two configurations have the same file name; rename one.")
    tools = with_memory(bot, engine, tools)
    examples = unique(bot.data.examples)
    results: dict[str, list[list[float]]] = {name: [[] for _ in range(plan.runs)] for name in bots}
    counts: list[int] = []
    done, of = 0, plan.runs * len(plan.left_out) * len(bots)
    for run in range(plan.runs):
        test = split(examples, HELD_OUT_FOLDS, seed=run)[0]
        rest = [each for each in examples if each not in test]
        for share in plan.left_out:
            training = thinned(rest, share, seed=run)
            counts += [len(training)] if run == 0 else []
            for name, variant in bots.items():
                tools.tick("configurations", done, of)
                read = _read(variant, training, test, engine, tools)
                folder = out / f"run_{run + 1}" / f"{share}%_exclusion" / f"{name}_report"
                understanding_suite(read, Kept(pictures=False)).write(folder)
                results[name][run].append(_weighted_f1(read))
                done += 1
    tools.tick("configurations", of, of)
    return _suite(results, counts, plan)


def config_of(path: Path) -> Config:
    """Read one configuration file.

    Raises:
        BotFileError: There is no such file.
        BotFilesError: All its faults.
    """
    if not path.is_file():
        raise BotFileError(str(path), "no such configuration file.")
    faults = Faults(path.parent)
    file = read_yaml(path, faults)
    config = read_config(file) if file is not None and file.data is not None else Config()
    faults.raise_all()
    return config


def thinned(examples: Sequence[Example], share: int, *, seed: int) -> list[Example]:
    """Leave out a share (percent) of each intent's examples; at least one of each stays."""
    dice = random.Random(seed)
    by_intent: dict[str, list[Example]] = {}
    for example in examples:
        by_intent.setdefault(example.intent, []).append(example)
    kept: list[Example] = []
    for group in by_intent.values():
        dice.shuffle(group)
        kept += group[: max(1, round(len(group) * (100 - share) / 100))]
    return kept


def _read(
    bot: Bot, training: Sequence[Example], test: Sequence[Example], engine: Engine, tools: Tools
) -> list[ReadExample]:
    quiet = Tools(translator=tools.translator)
    turns = train_and_read(bot, training, test, engine, quiet)
    return [ReadExample(example=e, turn=t) for e, t in zip(test, turns, strict=True)]


def _weighted_f1(read: Sequence[ReadExample]) -> float:
    return averages(classification_report(intents_of(read)))["f1"]


def _suite(results: dict[str, list[list[float]]], counts: Sequence[int], plan: Compared) -> Suite:
    suite = Suite(name="nlu")
    suite.reports["results.json"] = results
    suite.pictures["nlu_model_comparison_graph.png"] = curve_picture(
        results, counts, label="weighted intent F1", title="Configurations compared"
    )
    for name, runs in results.items():
        means = [mean(run[i] for run in runs) for i in range(len(plan.left_out))]
        shown = ", ".join(
            f"{f1:.3f} of {n}" for n, f1 in sorted(zip(counts, means, strict=True), reverse=True)
        )
        suite.notes.append(f"{name}: intent F1 after {shown} examples ({plan.runs} runs)")
        suite.numbers[f"f1_{name}"] = means[plan.left_out.index(min(plan.left_out))]
    return suite
