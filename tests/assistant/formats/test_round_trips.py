"""What a format's reader reads, its writer keeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BotFileError, BotFilesError
from assistant.formats.formats import read_examples, write_examples
from assistant.formats.layout import Layout
from assistant.formats.names import Format
from assistant.training_data import EntitySpan, Example, TrainingData

DATA = Path(os.environ.get("TRILOGUE_DATA", "../shared/data")) / "nlu"


def span(start: int, end: int, entity: str, value: str, **more: str) -> EntitySpan:
    return EntitySpan(start=start, end=end, entity=entity, value=value, **more)


EXAMPLES = [
    Example(text="hello", intent="greet"),
    Example(text='she said "hi", twice', intent="greet"),
    Example(text="- a dash: and {braces} # no comment", intent="greet"),
    Example(text="it's 10,5 % off; ok?", intent="faq/price"),
    Example(text="🎉 wow  two blanks 😀", intent="greet"),
    Example(text="我要去北京，明天", intent="order", entities=(span(3, 5, "city", "北京"),)),
    Example(
        text="from Oslo to the big apple",
        intent="order",
        entities=(
            span(5, 9, "city", "Oslo", role="from"),
            span(13, 26, "city", "New York", role="to"),
        ),
        metadata={"source": "mail", "group": 1},
    ),
    Example(
        text="[tea] and soup",
        intent="order",
        entities=(
            span(10, 14, "dish", "soup", group="2"),
            span(10, 14, "food", "soup"),
        ),
    ),
]
WORDS = TrainingData(
    examples=EXAMPLES,
    synonyms={"nyc": "New York", "the big apple": "New York"},
    regexes={"order_no": [r"\b[A-Z]{2}\d{6}\b", r"\d+"]},
    lookups={"city": ["Oslo", "北京"]},
)
FILES = [
    pytest.param("a.yml", None, id="yaml"),
    pytest.param("a.json", Format.rasa, id="rasa-json"),
    pytest.param("a.json", Format.json, id="json"),
    pytest.param("a.jsonl", None, id="json-lines"),
    pytest.param("a.csv", None, id="csv"),
    pytest.param("a.tsv", None, id="tsv"),
    pytest.param("a.conll", None, id="conll"),
]


def content(data: TrainingData) -> list[tuple[Any, ...]]:
    """The examples without their places, in an order that formats need not keep."""
    return sorted([(e.intent, e.text, e.entities, e.metadata) for e in data.examples], key=str)


@pytest.mark.parametrize(("name", "known_as"), FILES)
def test_texts_entities_and_metadata_are_read_back_equal(
    name: str, known_as: Format | None, tmp_path: Path
) -> None:
    write_examples(WORDS, tmp_path / name, known_as=known_as)

    assert content(read_examples(tmp_path / name)) == content(WORDS)


@pytest.mark.parametrize(("name", "known_as"), FILES[:2])
def test_rasas_own_formats_also_keep_synonyms_regexes_and_lookups(
    name: str, known_as: Format | None, tmp_path: Path
) -> None:
    assert write_examples(WORDS, tmp_path / name, known_as=known_as) == []

    found = read_examples(tmp_path / name)

    assert found.synonyms == WORDS.synonyms
    assert found.regexes == WORDS.regexes
    assert found.lookups == WORDS.lookups


def test_what_a_format_has_no_place_for_is_told(tmp_path: Path) -> None:
    told = write_examples(WORDS, tmp_path / "a.json", known_as=Format.clinc)

    assert told == [
        "clinc has no place for the synonyms (2); they are left out.",
        "clinc has no place for the regexes (1); they are left out.",
        "clinc has no place for the lookup tables (1); they are left out.",
        "clinc has no place for the metadata of examples (1); they are left out.",
        "clinc has no place for the entities of examples (3); they are left out.",
    ]


def test_a_text_with_line_breaks_is_kept_by_yaml_and_csv_and_refused_elsewhere(
    tmp_path: Path,
) -> None:
    data = TrainingData(
        examples=[Example(text="two\nlines\u2028and more", intent="a", where="old.csv:7")]
    )
    for name in ("a.yml", "a.csv", "a.jsonl"):
        write_examples(data, tmp_path / name)
        assert content(read_examples(tmp_path / name)) == content(data)

    for name in ("a.tsv", "a.conll"):
        with pytest.raises(BotFileError, match=r"^old\.csv:7: the text holds a"):
            write_examples(data, tmp_path / name)


def test_yaml_refuses_brackets_that_would_be_read_as_a_mark(tmp_path: Path) -> None:
    data = TrainingData(
        examples=[Example(text="well done[nice](really)", intent="a", where="old.csv:7")]
    )

    with pytest.raises(BotFilesError, match=r"^old\.csv:7: YAML cannot hold this"):
        write_examples(data, tmp_path / "a.yml")


def test_parts_of_clinc_are_kept_as_splits(tmp_path: Path) -> None:
    data = TrainingData(
        examples=[
            Example(text="pay my bill", intent="pay_bill", metadata={"split": "train"}),
            Example(text="settle it", intent="pay_bill", metadata={"split": "test"}),
            Example(text="are aliens real", intent="oos", metadata={"split": "oos_test"}),
        ]
    )
    write_examples(data, tmp_path / "a.json", known_as=Format.clinc)

    assert content(read_examples(tmp_path / "a.json", layout=Layout(part="all"))) == content(data)
    test_part = read_examples(tmp_path / "a.json", layout=Layout(part="test"))
    assert [e.text for e in test_part.examples] == ["settle it", "are aliens real"]


CORPORA = [
    pytest.param("clinc150/data_full.json", Layout(), (15_100, 151), id="clinc150"),
    pytest.param("clinc150/small_train.json", Layout(), (7_500, 150), id="clinc150-pairs"),
    pytest.param("clinc150/fewshot/train_5", Layout(), (750, 150), id="clinc150-5-shot"),
    pytest.param("banking77/test.csv", Layout(), (3_080, 77), id="banking77"),
    pytest.param("atis/test", Layout(), (893, 20), id="atis"),
    pytest.param("smp2017_ecdt_zh/train.tsv", Layout(), (2_299, 31), id="smp2017-zh"),
    pytest.param("chnsenticorp_zh/dev.tsv", Layout(), (1_200, 2), id="chnsenticorp-zh"),
    pytest.param(
        "meld/dev_sent_emo.csv", Layout(label="Sentiment", metadata=("Speaker",)), (1_109, 3),
        id="meld",
    ),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "layout", "counts"), CORPORA)
def test_real_corpora_are_read_and_go_through_yaml_and_conll(
    folder: str, layout: Layout, counts: tuple[int, int], tmp_path: Path
) -> None:
    if not (DATA / folder).exists():
        pytest.skip(f"no {folder} in {DATA}; set TRILOGUE_DATA to the folder that holds nlu/")

    data = read_examples(DATA / folder, layout=layout)

    assert (len(data.examples), len({e.intent for e in data.examples})) == counts
    for name in ("a.yml", "a.conll"):
        write_examples(data, tmp_path / name)
        assert content(read_examples(tmp_path / name)) == content(data)


def test_parallel_files_keep_words_and_entities(tmp_path: Path) -> None:
    spans = (span(3, 11, "city", "St. Paul"),)
    data = TrainingData(
        examples=[
            Example(text="to St. Paul, at 5 o'clock", intent="fly", entities=spans),
            Example(text="what's that?", intent="ask"),
        ]
    )

    write_examples(data, tmp_path / "seq", known_as=Format.seq)

    assert (tmp_path / "seq" / "seq.in").read_text(encoding="utf-8") == (
        "to St. Paul , at 5 o'clock\nwhat's that?\n"
    )
    found = read_examples(tmp_path / "seq")
    assert [example.entities for example in found.examples] == [spans, ()]


def test_slots_of_atis_are_those_of_its_tags() -> None:
    if not (DATA / "atis/test").exists():
        pytest.skip(f"no atis/test in {DATA}; set TRILOGUE_DATA to the folder that holds nlu/")

    data = read_examples(DATA / "atis/test")

    begun = (DATA / "atis/test/seq.out").read_text(encoding="utf-8").split()
    assert sum(len(e.entities) for e in data.examples) == sum(t.startswith("B-") for t in begun)
