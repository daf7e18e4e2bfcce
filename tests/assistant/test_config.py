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
        ("pipeline: supervised_embeddings\n", "config.yml:1: pipeline: "),
        ("pipeline:\n- nam: DIETClassifier\n", "config.yml:2: pipeline.0 needs the name"),
        ("pipeline:\n- name: DIETClasifier\n", "config.yml:2: no component is called 'DIETClasi"),
        ("policies:\n- name: RulesPolicy\n", "config.yml:2: no policy is called 'RulesPolicy'."),
        ("policies:\n- name: MemoizationPolicy\n  max_history: five\n",
         "config.yml:3: max_history must be a whole number, not the text 'five'."),
        ("pipeline:\n- name: FallbackClassifier\n  threshold: low\n",
         "config.yml:3: threshold must be a number, not the text 'low'."),
        ("- a\n", "config.yml:1: must be keys and values, not a list."),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_line(text: str, expected: str, write_bot: WriteBot) -> None:
    root = write_bot(domain="intents: []\n", config=text)

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert any(line.startswith(expected) for line in str(caught.value).splitlines())


def test_each_component_and_option_without_a_meaning_is_told_once(write_bot: WriteBot) -> None:
    root = write_bot(
        config="""\
            version: 3.1
            recipe: default.v1
            language: en
            pipeline:
            - name: SpacyNLP
              model: en_core_web_md
            - name: WhitespaceTokenizer
            - name: rasa.nlu.classifiers.diet_classifier.DIETClassifier
              epochs: 100
              constrain_similarities: true
            - name: components.sentiment.SentimentAnalyzer
              path: x
            - name: FallbackClassifier
              threshold: 0.6
            policies:
            - name: RulePolicy
            - name: FormPolicy
            spaces: [{name: a}]
            importers: [{name: RasaFileImporter}]
            database: {host: db}
            """,
        domain="intents: []\n",
    )

    assert load_bot(root).notices == [
        "config.yml:4: the encoder does the work of SpacyNLP (model), WhitespaceTokenizer.",
        ("config.yml:8: rasa.nlu.classifiers.diet_classifier.DIETClassifier: epochs, "
         "constrain_similarities have no meaning here."),
        ("config.yml:11: components.sentiment.SentimentAnalyzer is a class of your own for Rasa; "
         "it is not run here."),
        "config.yml:15: the rule policy does the work of FormPolicy.",
        "config.yml:18: spaces has no meaning here.",
        "config.yml:20: database has no meaning here.",
    ]  # fmt: skip


def test_empty_keys_of_rasas_starter_are_the_defaults(write_bot: WriteBot) -> None:
    root = write_bot(
        config="recipe: default.v1\nlanguage: en\npipeline:\npolicies:\nassistant_id:\n",
        domain="intents: []\n",
    )

    bot = load_bot(root)

    assert bot.config.pipeline is None
    assert bot.config.assistant_id == "trilogue"
    assert not bot.notices


def test_imported_projects_are_read_too(write_bot: WriteBot) -> None:
    root = write_bot(
        config="importers: [{name: MultiProjectImporter}]\nimports: [projects/small_talk]\n",
        domain="intents: [greet]\n",
        data__nlu="nlu: [{intent: greet, examples: '- hello'}]\n",
        projects__small_talk__domain="intents: [joke]\n",
        projects__small_talk__data__nlu="nlu: [{intent: joke, examples: '- a joke please'}]\n",
        projects__other__domain="intents: [other]\n",
    )

    bot = load_bot(root)

    assert set(bot.domain.intents) == {"greet", "joke"}
    assert [example.intent for example in bot.data.examples] == ["greet", "joke"]
