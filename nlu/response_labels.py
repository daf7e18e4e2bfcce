"""``use_text_as_label`` of a ResponseSelector: the answers themselves teach which one is meant.

Every wording of an answer counts as one more example of its key, so that a question that shares
words or meaning with the answer finds it even where few questions were written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from assistant.bot import Bot
from assistant.training_data import Example


def answers_as_examples(bot: Bot, keys: Collection[str]) -> Iterator[Example]:
    """Yield the answers of the selectors that ask for it.

    Args:
        bot: Its pipeline and responses are read.
        keys: Full names of intents with examples, e.g. ``faq/warranty``; others are left out.
    """
    selectors = [
        entry.get("retrieval_intent")
        for entry in bot.config.pipeline or ()
        if str(entry.get("name", "")).split(".")[-1] == "ResponseSelector"
        and entry.get("use_text_as_label")
    ]
    for name, variations in bot.domain.responses.items():
        key = name.removeprefix("utter_")
        base = key.split("/", 1)[0]
        if key in keys and base != key and any(chosen in {None, base} for chosen in selectors):
            for variation in variations:
                if variation.text.strip():
                    yield Example(text=variation.text, intent=key)
