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
        ("hi", "data/nlu.yml:10", {}),
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


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("- intent: greet\n", "data/nlu.yml:2: 'greet' has no examples."),
        ("- examples: |\n    - a\n", "data/nlu.yml:2: an entry of nlu needs exactly one of"),
        ("- intent: greet\n  exampels: |\n    - a\n", "Did you mean 'examples'?"),
        ("- intent: greet\n  examples: |\n    - a\n    b\n", "data/nlu.yml:5: an example must"),
        ("- intent: greet\n  examples: |\n    -\n", "data/nlu.yml:4: an example is empty."),
        ("- intent: greet\n  examples: 5\n", "data/nlu.yml:3: examples must be a text or a list"),
        ("- intent: greet\n  examples: |\n    - [a]{b}\n", "data/nlu.yml:4: the mark '[a]{b}'"),
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
