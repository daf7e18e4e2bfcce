"""The generator's numbers: perplexity beside a Kneser–Ney 5-gram, replies, speed of the engines.

    python -m benchmarks.generation [--model FOLDER] [--data FOLDER] [--out generation.json]

Both models read the same dialogues and give the same words a probability. A word is what GPT-2's
rule takes for one (letters, digits or signs in a row). The 5-gram knows the words of its training
text alone; words outside it are left out of both sums (their share is printed), and only the
network spends probability on them, so the comparison leans towards the 5-gram. Neither is asked
for the speaker marks. The 5-gram reads each training dialogue once; the network may have read
some of them several times.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np

from assistant.component import Tools
from assistant.compressed import lines_of
from assistant.messages import Prompt
from benchmarks.kneser_ney import KneserNey
from generation.corpora import Dialogue, dailydialog, sgd, shop_desk, training_dialogues
from generation.dialogue_score import perplexity, score_words, words_of
from generation.engine_comparison import tokens_per_second
from generation.evaluation import measure
from generation.loading import load_writer
from generation.writer import Writer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("TRILOGUE_DATA", "../shared/data")
    parser.add_argument("--model", type=Path, help="a model folder [default: the built-in base]")
    parser.add_argument("--data", type=Path, default=Path(data))
    parser.add_argument("--most", type=int, default=1000, help="dialogues per test set")
    parser.add_argument("--out", type=Path, help="also write the numbers as JSON")
    args = parser.parse_args()
    writer = load_writer(args.model)
    found: dict[str, Any] = {
        "perplexity": compare_with_ngrams(writer, args.data, args.most),
        "speed": compare_speed(args.model),
        "replies": reply_figures(writer, args.data),
    }
    if args.out:
        args.out.write_text(json.dumps(found, indent=1), encoding="utf-8")


def compare_with_ngrams(writer: Writer, data: Path, most: int) -> list[dict[str, Any]]:
    """Print the table of perplexities per word."""
    began = time.perf_counter()
    corpora = training_dialogues(data)
    ngrams = KneserNey([_words(writer, d) for corpus in corpora.values() for d in corpus])
    seconds = time.perf_counter() - began
    print(f"5-gram: {len(ngrams.vocabulary):,} words known, counted in {seconds:.0f} s")
    print(f"{'perplexity per word':<38}{'words':>9}{'unknown':>9}{'5-gram':>9}{'GPT-2':>9}"
          f"{'all words':>11}")  # fmt: skip
    rows = []
    for name, dialogues in test_sets(data, most).items():
        rows.append(_row(writer, ngrams, name, dialogues))
        print("{set:<38}{words:>9,}{unknown:>9.2%}{ngrams:>9.1f}{network:>9.1f}{all:>11.1f}".format(
            **rows[-1]))  # fmt: skip
    return rows


def _row(writer: Writer, ngrams: KneserNey, name: str, dialogues: list[Dialogue]) -> dict[str, Any]:
    scored = score_words(writer.engine, writer.tokenizer, dialogues, context=writer.context)
    texts = [_words(writer, dialogue) for dialogue in dialogues]
    expected = []
    for text, values in zip(texts, ngrams.log_probs(texts), strict=True):
        expected += [v for word, v in zip(text, values, strict=True) if word not in MARKS.values()]
    words = [score for row in scored for score in row]
    known = [i for i, value in enumerate(expected) if not math.isnan(value)]
    return {
        "set": name,
        "words": len(words),
        "unknown": 1 - len(known) / len(words),
        "ngrams": math.exp(-float(np.mean([expected[i] for i in known]))),
        "network": perplexity([words[i] for i in known]).per_word,
        "all": perplexity(words).per_word,
        "per_token": perplexity(words).per_token,
    }


MARKS = {"user": "\x00user", "bot": "\x00bot"}


def _words(writer: Writer, dialogue: Dialogue) -> list[str]:
    words: list[str] = []
    for turn in dialogue:
        words += [MARKS[turn.speaker], *words_of(writer.tokenizer, turn.text)]
    return words


def test_sets(data: Path, most: int) -> dict[str, list[Dialogue]]:
    """The test dialogues, DailyDialog's also without those that stand in its training part."""
    daily = dailydialog(data, "test")
    train, test = (
        [re.sub(r"\W", "", line).lower()
         for line in lines_of(data / f"dialogue/dailydialog/dialogues_{part}.txt.xz")]
        for part in ("train", "test")
    )  # fmt: skip
    fresh = [talk for talk, line in zip(daily, test, strict=True) if line not in set(train)]
    return {
        "DailyDialog test": daily[:most],
        f"DailyDialog test without {len(daily) - len(fresh)} in train": fresh[:most],
        "SGD subset test": sgd(data, "test")[:most],
        "shop desk test": shop_desk("test"),
    }


def compare_speed(model: Path | None) -> list[dict[str, Any]]:
    """Print tokens per second of each engine, one after the other in this process."""
    prompts = [Prompt(history=tuple(talk[:3])) for talk in shop_desk("test") if len(talk) > 3]
    rows = []
    print(f"\n{'tokens per second':<20}{'MB':>8}{'one by one':>12}{f'{len(prompts)} at once':>12}")
    for engine in ("float", "int8", "bnb"):
        writer = load_writer(model, engine)
        speeds = [tokens_per_second(writer, prompts, together=t) for t in (False, True)]
        rows.append({"engine": engine, "bytes": writer.engine.bytes, "speeds": speeds})
        print(f"{engine:<20}{writer.engine.bytes / 1e6:>8.1f}{speeds[0]:>12.0f}{speeds[1]:>12.0f}")
    return rows


def reply_figures(writer: Writer, data: Path) -> dict[str, Any]:
    """Print BLEU, variety and the share of replies that pass floor and guards."""
    found = {}
    print(f"\n{'replies':<20}{'number':>8}{'passed':>9}{'BLEU':>7}{'dist-1':>8}{'dist-2':>8}")
    for name, dialogues in {
        "DailyDialog test": dailydialog(data, "test")[:100],
        "shop desk test": shop_desk("test"),
    }.items():
        figures = found[name] = measure(writer, dialogues, Tools())
        print(
            f"{name:<20}{figures['replies']:>8}{figures['answered']:>9.1%}{figures['bleu']:>7.2f}"
            f"{figures['distinct_1']:>8.3f}{figures['distinct_2']:>8.3f}"
        )
    print(next(iter(found.values()))["bleu_signature"])
    return found


if __name__ == "__main__":
    main()
