"""NLU data in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.errors import BotFilesError
from assistant.training_data import EntitySpan, Example, TrainingData


def read(root: Path, tree: object) -> TrainingData:
    path = root / "data" / "nlu.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree), encoding="utf-8")
    return load_bot(root, validate=False).data


def test_rasas_own_json_is_read(write_bot: WriteBot) -> None:
    root = write_bot()
    (root / "data").mkdir()
    (root / "data" / "words.txt").write_text("Oslo\n\nBergen\n", encoding="utf-8")
    data = read(
        root,
        {
            "rasa_nlu_data": {
                "common_examples": [
                    {"text": "hey", "intent": "greet"},
                    {"text": "to NYC", "intent": "book", "metadata": {"source": "mail"},
                     "entities": [{"start": 3, "end": 6, "value": "New York", "entity": "city",
                                   "role": "to"}]},
                ],
                "entity_synonyms": [{"value": "chinese", "synonyms": ["Chines", "chines"]}],
                "regex_features": [{"name": "zip", "pattern": "[0-9]{5}"}],
                "lookup_tables": [{"name": "drink", "elements": ["tea"]},
                                  {"name": "city", "elements": "words.txt"}],
            }
        },
    )  # fmt: skip

    assert data.examples == [
        Example(text="hey", intent="greet", where="data/nlu.json: common_examples[0]"),
        Example(
            text="to NYC", intent="book", where="data/nlu.json: common_examples[1]",
            metadata={"source": "mail"},
            entities=(EntitySpan(start=3, end=6, entity="city", value="New York", role="to"),),
        ),
    ]  # fmt: skip
    assert data.synonyms == {"chines": "chinese", "nyc": "New York"}
    assert data.regexes == {"zip": ["[0-9]{5}"]}
    assert data.lookups == {"drink": ["tea"], "city": ["Oslo", "Bergen"]}
    assert root / "data" / "words.txt" in load_bot(root, validate=False).files


def test_an_export_of_luis_is_read(write_bot: WriteBot) -> None:
    data = read(
        write_bot(),
        {
            "luis_schema_version": "7.0.0",
            "utterances": [
                {"text": "to Oslo", "intent": "book",
                 "entities": [{"entity": "city", "startPos": 3, "endPos": 6, "role": "to"}]}
            ],
            "regex_entities": [{"name": "zip", "regexPattern": "[0-9]{5}"}],
        },
    )  # fmt: skip

    assert data.examples[0].entities == (
        EntitySpan(start=3, end=7, entity="city", value="Oslo", role="to"),
    )
    assert data.regexes == {"zip": ["[0-9]{5}"]}


def test_an_export_of_wit_is_read(write_bot: WriteBot) -> None:
    data = read(
        write_bot(),
        {
            "utterances": [
                {"text": "to Oslo", "intent": "book", "entities":
                 [{"entity": "city:to", "start": 3, "end": 7, "body": "Oslo", "entities": []}]},
                {"text": "blah", "entities": []},
            ]
        },
    )  # fmt: skip

    assert [example.intent for example in data.examples] == ["book", "out_of_scope"]
    assert data.examples[0].entities[0].role == "to"


def test_other_json_is_left_alone(write_bot: WriteBot) -> None:
    assert read(write_bot(), {"restaurants": []}) == TrainingData()
    assert read(write_bot(), []) == TrainingData()


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ('{\n"a": ]', "data/nlu.json:2: JSON: "),
        ({"rasa_nlu_data": []}, "data/nlu.json: rasa_nlu_data must be an object, not a list."),
        ({"rasa_nlu_data": {"common_examples": {}}}, ""),
        ({"rasa_nlu_data": {"common_examples": [5]}}, "common_examples[0]: must be an object"),
        ({"rasa_nlu_data": {"common_examples": [{"text": "a", "intent": "b", "entities": [{}]}]}},
         "an entity needs start, end and entity"),
        ({"rasa_nlu_data": {"lookup_tables": [{"name": "a", "elements": "no.txt"}]}},
         "file 'no.txt' is missing."),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(tree: object, expected: str, write_bot: WriteBot) -> None:
    if not expected:  # an empty object counts as an empty list
        assert read(write_bot(), tree) == TrainingData()
        return
    with pytest.raises(BotFilesError) as caught:
        read(write_bot(), tree)

    assert expected in str(caught.value)
