"""Write the model card of the sentiment adapter from what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from .sentiment_evaluation import chinese_f1, tweet_recall

_CARD = """\
# Sentiment adapter

Reads negative, neutral or positive from a message, in one pass of the encoder that also reads
intents and entities. It is a LoRA adapter for all-MiniLM-L6-v2 (`adapter/`, upper three layers,
rank {rank}), an attention-pooling head (`head.safetensors`), and two tables of hashed n-grams
(`tables.safetensors`, one for Latin letters, one for Chinese). Strength is P(positive) -
P(negative).

Made by `trilogue pretrain sentiment` (`nlu/sentiment_training.py`), one pass over the tweets.

## Data and Licences

- TweetEval sentiment, i.e. SemEval-2017 task 4A (47,374 tweets, rebuilt): encoder, head and
  English table. Licence: released without restrictions by TweetEval; the terms of Twitter/X
  apply to the tweets.
- CPED, `valid` part (11,137 lines of Chinese TV dialogue): Chinese table. Licence: Apache-2.0.
- ChnSentiCorp, training part (9,600 Chinese reviews): Chinese table, at half weight. Licence:
  the repository is Apache-2.0, that of the reviews is not stated.

No text of these is in the files; the tables hold weights of hashed n-grams. The encoder is
Apache-2.0. Who needs data with cleaner terms trains the recipe on their own and names the
encoder in `nlu: {{encoder: ...}}`.

## Measured

- TweetEval validation, macro-recall, int8: {val:.1f} (the table's share and the temperature were
  chosen on it)
- TweetEval test, macro-recall, int8: {test:.1f}
- CPED test, macro-F1, Chinese table alone, without translation: {cped:.1f}
- cosine of sentence embeddings before and after the adapter, validation tweets: {kept:.3f}

TweetEval's README: RoBERTa-base 71.3, BERTweet 73.4, SVM and FastText 62.9.

## Use

Meant for short customer messages in English, and in Chinese through the n-grams and, where a
translator is there, the translation. Tweets are not support messages: irony, quotations and
complaints in polite words are often missed. Do not use it to judge people or employees.
"""


def write_card(data: Path, folder: Path) -> Path:
    """Measure on the test sets and write ``README.md``; returns its path.

    Raises:
        DataError: A test set is missing.
    """
    path = folder / "sentiment.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    scores = described["scores"]
    scores |= {
        "test_macro_recall": tweet_recall(data, folder),
        "cped_test_macro_f1": chinese_f1(data, folder),
    }
    path.write_text(json.dumps(described, indent=1), encoding="utf-8")
    card = folder / "README.md"
    card.write_text(
        _CARD.format(
            rank=described["recipe"]["rank"],
            val=scores["val_macro_recall"],
            test=scores["test_macro_recall"],
            cped=scores["cped_test_macro_f1"],
            kept=scores["kept"],
        ),
        encoding="utf-8",
    )
    return card
