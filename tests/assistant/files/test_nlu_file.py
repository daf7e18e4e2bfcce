from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.errors import BotFilesError

DOMAIN = "intents: [greet]\nentities: [city]\n"


def test_short_and_long_form_give_the_same_examples(write_bot: WriteBot) -> None:
    root = write_bot(
        domain=DOMAIN,
        data__nlu="""\
            nlu:
            - intent: greet
              metadata: {sentiment: neutral}
              examples: |
                - hello

                - to [Lyon](city)
            - intent: greet
              examples:
              - text: good morning
                metadata: {sentiment: positive}
              - hi
            """,
    )

    examples = load_bot(root).data.examples

    assert [(e.text, e.where, e.metadata) for e in examples] == [
        ("hello", "data/nlu.yml:5", {"sentiment": "neutral"}),
        ("to Lyon", "data/nlu.yml:7", {"sentiment": "neutral"}),
        ("good morning", "data/nlu.yml:10", {"sentiment": "positive"}),
        ("hi", "data/nlu.yml:12", {}),
    ]


def test_synonyms_come_from_their_section_and_from_marks(write_bot: WriteBot) -> None:
    root = write_bot(
        domain=DOMAIN,
        data__nlu="""\
            nlu:
            - synonym: New York
              examples: |
                - NYC
            - intent: greet
              examples: |
                - to [the big apple](city:New York)
            - regex: order
              examples: |
                - [A-Z]{2}\\d+
            - lookup: city
              examples: |
                - Lyon
            """,
    )

    data = load_bot(root).data

    assert data.synonyms == {"nyc": "New York", "the big apple": "New York"}
    assert data.regexes == {"order": [r"[A-Z]{2}\d+"]}
    assert data.lookups == {"city": ["Lyon"]}


def test_a_misspelt_kind_of_entry_is_one_fault(write_bot: WriteBot) -> None:
    root = write_bot(data__nlu="nlu:\n- intnt: greet\n  examples: |\n    - hi\n")

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert [str(fault) for fault in caught.value.faults] == [
        "data/nlu.yml:2: an entry of nlu has no key 'intnt'. Did you mean 'intent'?"
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("- examples: |\n    - a\n", "data/nlu.yml:2: an entry of nlu needs exactly one of"),
        ("- intent: greet\n  exampels: |\n    - a\n", "Did you mean 'examples'?"),
        ("- intent: greet\n  examples: 5\n", "data/nlu.yml:3: examples of greet must be a text"),
        ("- intent: greet\n  examples: [{txt: a}]\n", "an example has no key 'txt'. Did you mean"),
        ("- intent: {a: b}\n  examples: ''\n", "data/nlu.yml:2: intent must be a name, not a map"),
        ("- intent: greet\n  examples: |\n    - [a]{b}\n", "data/nlu.yml:4: the mark '[a]{b}'"),
        (
            "- intent: greet\n  examples: |\n    - [a](city\n",
            "data/nlu.yml:4: the mark '[a](city' is not",
        ),
        ("- greet\n", "an entry of nlu must be a mapping"),
    ],
)
def test_faults_of_an_entry_are_told_with_their_line(
    entry: str, expected: str, write_bot: WriteBot
) -> None:
    root = write_bot(domain=DOMAIN, data__nlu=f"nlu:\n{entry}")

    with pytest.raises(BotFilesError) as caught:
        load_bot(root)

    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "notice"),
    [
        ("- intent: greet\n", "data/nlu.yml:2: intent 'greet' has no examples."),
        ("- intent: greet\n  examples: |\n    - a\n    b\n", "data/nlu.yml:5: is not read, as it"),
        ("- intent: greet\n  examples: |\n    -\n", "data/nlu.yml:4: an example is empty."),
        ("- intent:\n  examples: '- a'\n", "data/nlu.yml:2: an entry without the name of its int"),
        ("- intent: greet\n  examples: [{metadata: {}}]\n", "data/nlu.yml:3: an example has no t"),
        ("- synonym: A\n  examples: '- x'\n- synonym: B\n  examples: '- x'\n",
         "data/nlu.yml:6: 'x' means 'B' here and 'A' before."),
    ],
)  # fmt: skip
def test_what_rasa_passes_over_is_told_and_passed_over(
    entry: str, notice: str, write_bot: WriteBot
) -> None:
    bot = load_bot(write_bot(domain=DOMAIN, data__nlu=f"nlu:\n{entry}"), validate=False)

    assert any(line.startswith(notice) for line in bot.notices)


def test_examples_that_stand_twice_count_once(write_bot: WriteBot) -> None:
    entry = "- intent: greet\n  examples: |\n    - to [Oslo](city)\n    - to Oslo\n"
    bot = load_bot(write_bot(domain=DOMAIN, data__a=f"nlu:\n{entry}", data__b=f"nlu:\n{entry}"))

    assert [(example.text, len(example.entities)) for example in bot.data.examples] == [
        ("to Oslo", 1), ("to Oslo", 0),
    ]  # fmt: skip
