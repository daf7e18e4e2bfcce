"""Measure understanding: a bot in five folds, sentiment on the TweetEval test, milliseconds.

python benchmarks/understanding.py --bot assistant/starter_bot
python benchmarks/understanding.py --sentiment
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from assistant import registry
from assistant.bot import Bot, load_bot
from assistant.component import Tools
from assistant.messages import Turn
from nlu.evaluation import Judged, cross_validate, score
from nlu.ngrams import is_chinese
from nlu.sentiment_evaluation import chinese_f1, tweet_recall
from nlu.shared_encoder import SENTIMENT


def main() -> None:
    """Print one line for each number."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--bot", type=Path, help="a bot's folder")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--training", choices=["auto", "frozen", "lora"], default="auto")
    parser.add_argument("--translate", action="store_true", help="read other languages translated")
    parser.add_argument("--sentiment", action="store_true", help="the TweetEval test")
    arguments = parser.parse_args()
    if arguments.bot:
        bot = load_bot(arguments.bot)
        bot.config.nlu["training"] = arguments.training
        translator = registry.translator().load() if arguments.translate else None
        tools = Tools(translator=translator)
        print_folds(bot, cross_validate(bot, arguments.folds, tools=tools))
        print_time(bot, tools)
    if arguments.sentiment:
        data = Path(os.environ.get("TRILOGUE_DATA", "../shared/data"))
        print(f"TweetEval test, macro-recall, int8: {tweet_recall(data, SENTIMENT):.2f}")
        print(f"CPED test, macro-F1, no translation: {chinese_f1(data, SENTIMENT):.2f}")


def print_folds(bot: Bot, judged: list[Judged]) -> None:
    """Print F1 of all examples, and of each language."""
    chinese = [each for each in judged if is_chinese(each.example.text)]
    others = [each for each in judged if not is_chinese(each.example.text)]
    for name, part in (("all", judged), (bot.config.language, others), ("zh", chinese)):
        if part:
            scores = score(part)
            print(
                f"{name}: {len(part)} examples, F1 intents {scores.intents:.4f}, "
                f"with keys {scores.keys:.4f}, entities {scores.entities:.4f}"
            )


def print_time(bot: Bot, tools: Tools) -> None:
    """Print seconds of a training and of a load, and the median of one message."""
    with tempfile.TemporaryDirectory() as name:
        begun = time.perf_counter()
        registry.understanding().train(bot, Path(name), tools)
        trained = time.perf_counter()
        reader = registry.understanding().load(Path(name))
        loaded = time.perf_counter()
        took = []
        for example in bot.data.examples[:200]:
            start = time.perf_counter()
            reader.process([Turn(text=example.text)])
            took.append(1000 * (time.perf_counter() - start))
    print(f"train {trained - begun:.1f} s, load {loaded - trained:.2f} s")
    print(f"one message, p50 {statistics.median(took):.1f} ms")


if __name__ == "__main__":
    main()
