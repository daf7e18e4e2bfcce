from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.assembly import fallback_of
from assistant.bot import load_bot
from assistant.errors import BotFilesError
from assistant.fallback import Fallback


def test_rasas_keys_and_our_blocks_are_read(write_bot: WriteBot) -> None:
    root = write_bot(
        config="""\
            recipe: default.v1
            language: en
            assistant_id: shop
            pipeline:
            - name: WhitespaceTokenizer
            - name: rasa.nlu.FallbackClassifier
              threshold: 0.6
              ambiguity_threshold: 0.2
            policies: [{name: RulePolicy, core_fallback_threshold: 0.4}]
            generation: {base: gpt2, rank: 4}
            translation: {languages: [en, zh]}
            """,
        domain="responses: {utter_default: [{text: Pardon}]}\n",
    )

    bot = load_bot(root)

    assert bot.languages == ("en", "zh")
    assert bot.config.generation is not None
    assert bot.config.generation.rank == 4
    assert bot.config.option("RulePolicy", "core_fallback_threshold", 0.3) == 0.4
    assert fallback_of(bot) == Fallback(threshold=0.6, margin=0.2)


def test_without_a_pipeline_an_unsure_message_falls_back(write_bot: WriteBot) -> None:
    assert fallback_of(load_bot(write_bot(domain="intents: []\n"))) == Fallback()


def test_a_pipeline_without_a_fallback_never_falls_back(write_bot: WriteBot) -> None:
    config = "pipeline: [{name: DIETClassifier}]\n"

    assert fallback_of(load_bot(write_bot(domain="intents: []\n", config=config))) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("langage: en\n", "config.yml:1: langage: no such key. Did you mean 'language'?"),
        ("a: 1\nlanguage: 5\n", "config.yml:2: language: Input should be a valid string."),
        ("generation:\n  rank: -1\n", "config.yml:2: generation.rank: "),
        ("generation:\n  rnk: 8\n", "config.yml:2: generation.rnk: no such key. Did you mean 'r"),
        ("sentiment: {upset_below: -7}\n", "config.yml:1: sentiment.upset_below: "),
        ("pipeline: [DIET]\n", "config.yml:1: pipeline.0: "),
        ("- a\n", "config.yml:1: must be keys and values, not a list."),
    ],
)
def test_faults_are_told_with_their_line(text: str, expected: str, write_bot: WriteBot) -> None:
    root = write_bot(domain="intents: []\n", config=text)

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert any(line.startswith(expected) for line in str(caught.value).splitlines())
