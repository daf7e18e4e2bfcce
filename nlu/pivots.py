"""Bring what the encoder cannot read into the bot's own language, in training as in serving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.component import Translator

from .ngrams import is_chinese


def pivot_texts(
    texts: Sequence[str],
    languages: Sequence[str],
    translator: Translator | None,
    *,
    reads_as_it_is: Callable[[str], bool] = lambda _text: False,
) -> list[str | None]:
    """Translate what is not in the bot's language; ``None`` stands for texts that are.

    Args:
        texts: Examples.
        languages: The bot's own language first.
        translator: ``None`` leaves every text as it is.
        reads_as_it_is: Whether the encoder reads a text without a translation.
    """
    pivots: list[str | None] = [None] * len(texts)
    own = languages[0]
    if translator is None or len(languages) < 2:
        return pivots
    tags = languages_of(texts, languages, translator)
    for language in sorted(set(tags) - {own}):
        if (language, own) not in translator.pairs:
            continue
        foreign = [
            i for i, tag in enumerate(tags) if tag == language and not reads_as_it_is(texts[i])
        ]
        if not foreign:
            continue
        translated = translator.translate([texts[i] for i in foreign], source=language, target=own)
        for i, text in zip(foreign, translated, strict=True):
            pivots[i] = text
    return pivots


def languages_of(
    texts: Sequence[str], languages: Sequence[str], translator: Translator
) -> list[str]:
    """Tell the language of each text: Chinese by its script, the rest by the translator."""
    chinese = next((tag for tag in languages if tag.split("-")[0] == "zh"), None)
    others = [tag for tag in languages if tag != chinese]
    if chinese is None:
        return translator.detect(texts, among=languages)
    by_script = [is_chinese(text) for text in texts]
    if len(others) == 1:
        return [chinese if each else others[0] for each in by_script]
    rest = iter(
        translator.detect(
            [text for text, han in zip(texts, by_script, strict=True) if not han], among=others
        )
    )
    return [chinese if each else next(rest) for each in by_script]
