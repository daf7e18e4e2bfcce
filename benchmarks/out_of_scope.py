"""How many out-of-scope messages are told, on CLINC150, while few of the others are rejected.

    python -m benchmarks.out_of_scope [--shots 30] [--rejected 0.05]

The head learns from a few examples of each of the 150 intents and from no out-of-scope message.
Scores are chosen on the validation part; this prints the test part.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from nlu.encoder import load_encoder
from nlu.linear_head import LinearHead, features, kinds, softmax
from nlu.linear_head_training import train_head
from nlu.ngrams import counts, inverse_document_frequency, weighted
from nlu.shared_encoder import shared_encoder


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=int, default=30, help="examples of each intent")
    parser.add_argument("--rejected", type=float, default=0.05, help="share of in-scope messages")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("TRILOGUE_DATA", "../shared/data"))
    )
    args = parser.parse_args()
    rows = json.loads((args.data / "nlu/clinc150/data_full.json").read_text(encoding="utf-8"))
    known, asked = _few(rows["train"], args.shots), [*rows["test"], *rows["oos_test"]]
    scores, right = _scores([*known, *asked], len(known))
    inside = np.arange(len(asked)) < len(rows["test"])
    print(f"{len(known)} examples; in-scope accuracy {right[inside].mean():.1%}")
    print(f"{'score':<24}{'out of scope found':>20}{'AUC':>8}")
    for name, values in scores.items():
        bound = np.quantile(values[inside], args.rejected)
        found = (values[~inside] < bound).mean()
        print(f"{name:<24}{found:>20.1%}{roc_auc_score(inside, values):>8.3f}")


def _few(rows: list[tuple[str, str]], shots: int) -> list[tuple[str, str]]:
    by_intent: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for text, intent in rows:
        by_intent[intent].append((text, intent))
    return [row for found in by_intent.values() for row in found[:shots]]


def _scores(
    rows: list[tuple[str, str]], known: int
) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.bool_]]:
    """Scores of the rows behind the first ``known`` ones, and whether the intent is right."""
    texts, labels = [text for text, _ in rows], [intent for _, intent in rows]
    encoder = load_encoder(shared_encoder(None)[0])
    means = np.stack([each.mean for each in encoder.encode(texts)])
    found = counts(texts)
    idf = inverse_document_frequency(found[:known])
    ngrams = weighted(found, idf)[:, np.unique(found[:known].indices)]
    own = np.zeros(len(texts), dtype=bool)
    classes, tensors = train_head(means[:known], ngrams[:known], own[:known], labels[:known])
    head = LinearHead.of(classes, tensors)
    table, width = features(means, ngrams, own)[known:], means.shape[1]
    scores = table[:, :width] @ head.dense + table[:, width:] @ head.sparse + head.bias
    chances = softmax(scores / head.temperature)
    told = np.array(classes)[chances.argmax(axis=1)]
    return {
        "greatest probability": chances.max(axis=1),
        "familiarity": head.familiarity.shares(table, scores, kinds(means, own)[known:]),
    }, told == np.array(labels[known:])


if __name__ == "__main__":
    main()
