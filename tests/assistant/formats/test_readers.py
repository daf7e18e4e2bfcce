"""Each reader on the shapes that its format comes in, and on damaged files."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bot import read_examples as read_held_out
from assistant.errors import BotFileError
from assistant.formats.formats import read_examples
from assistant.formats.layout import Layout


def read(folder: Path, name: str, content: str, /, **layout: object) -> list[tuple[str, str]]:
    """Text and intent of each example."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    found = read_examples(path, layout=Layout(**layout))  # type: ignore[arg-type]
    return [(each.text, each.intent) for each in found.examples]


TWO = [("hello", "greet"), ("what is it, then?", "ask")]


@pytest.mark.parametrize(
    ("name", "text", "layout"),
    [
        pytest.param("a.csv", 'text,label\nhello,greet\n"what is it, then?",ask\n', {}, id="csv"),
        pytest.param(
            "a.csv", '\ufefftext;label\r\nhello;greet\r\n"what is it, then?";ask\r\n', {},
            id="spreadsheet",
        ),
        pytest.param(
            "a.csv", 'id,Body,Kind\n1,hello,greet\n2,"what is it, then?",ask\n',
            {"text": "Body", "label": "Kind"}, id="named-columns",
        ),
        pytest.param(
            "a.csv", '1,greet,hello\n2,ask,"what is it, then?"\n',
            {"text": "3", "label": "2"}, id="numbered-columns",
        ),
        pytest.param("a.tsv", "text\tintent\nhello\tgreet\nwhat is it, then?\task\n", {}, id="tsv"),
        pytest.param(
            "a.json", '[{"text": "hello", "intent": "greet"},\n'
            ' {"text": "what is it, then?", "intent": "ask"}]', {}, id="json",
        ),
        pytest.param(
            "a.json", '[{"q": "hello", "c": "greet"}, {"q": "what is it, then?", "c": "ask"}]',
            {"text": "q", "label": "c"}, id="json-keys",
        ),
        pytest.param(
            "a.json", '[["hello", "greet"], ["what is it, then?", "ask"]]', {}, id="json-pairs"
        ),
        pytest.param(
            "a.json", '{"text": "hello", "label": "greet"}\n'
            '{"text": "what is it, then?", "label": "ask"}\n', {}, id="json-lines-by-content",
        ),
        pytest.param(
            "a.json", '{"train": [["hello", "greet"]], "oos_train": [["what is it, then?", "ask"]],'
            ' "test": [["no", "no"]]}', {}, id="clinc",
        ),
        pytest.param(
            "a.json", '{"rasa_nlu_data": {"common_examples": [{"text": "hello", "intent": "greet"},'
            '{"text": "what is it, then?", "intent": "ask"}]}}', {}, id="rasa-json",
        ),
    ],
)  # fmt: skip
def test_rows_are_read_in_every_usual_shape(
    name: str, text: str, layout: dict[str, object], tmp_path: Path
) -> None:
    assert read(tmp_path, name, text, **layout) == TWO


def test_the_column_with_fewer_kinds_is_the_label_and_a_last_text_may_hold_tabs(
    tmp_path: Path,
) -> None:
    text = "app\t打开熊猫看书\napp\t钛备份\nchat\t啥呀\t0\n"

    assert read(tmp_path, "a.tsv", text) == [
        ("打开熊猫看书", "app"), ("钛备份", "app"), ("啥呀\t0", "chat")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# intent = fly\nto O\nNew B-city\nYork I-city\nnow O\n", id="comment"),
        pytest.param("to\tO\nNew\tB-city\nYork\tI-city\nnow\tO\nfly\n", id="last-line"),
        pytest.param("fly\nto O\nNew B-city\nYork I-city\nnow O\n\n", id="first-line"),
        pytest.param(
            "to\tO\tfly\nNew\tB-city\tfly\nYork\tI-city\tfly\nnow\tO\tfly\n", id="column"
        ),
        pytest.param("fly\nto O\nNew B-city\nYork L-city\nnow O\n", id="bilou"),
        pytest.param("fly\nto O\nNew I-city\nYork I-city\nnow O\n", id="iob1"),
        pytest.param(
            "-DOCSTART- -X- O O\n\nfly\nto TO O O\nNew NNP B-NP B-city\nYork NNP I-NP I-city\n"
            "now RB O O\n", id="conll-2003",
        ),
    ],
)  # fmt: skip
def test_conll_columns_are_read_in_every_usual_shape(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(text, encoding="utf-8")

    (example,) = read_examples(path).examples

    assert (example.text, example.intent) == ("to New York now", "fly")
    assert [(s.entity, s.value, s.start) for s in example.entities] == [("city", "New York", 3)]


def test_chinese_tokens_are_joined_without_blanks(tmp_path: Path) -> None:
    path = tmp_path / "a.bio"
    path.write_text("# intent: fly\n去 O\n北 B-city\n京 I-city\nplease O\n", encoding="utf-8")

    (example,) = read_examples(path).examples

    assert example.text == "去北京 please"
    assert example.entities[0].value == "北京"


def test_a_table_with_tags_gives_entities(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "id\tutterance\tslot_labels\tintent\n1\tto New York\tO B-city I-city\tfly\n",
        encoding="utf-8",
    )

    (example,) = read_examples(path).examples

    assert (example.intent, example.entities[0].value) == ("fly", "New York")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("a.csv", "text,intent\nhi,greet,more\n", "a.csv:2: the row has 3 columns "
                     "instead of 2. Quote cells that hold the separator.", id="csv-columns"),
        pytest.param("a.csv", 'text,intent\n"two\nlines",a\n,b\n', "a.csv:4: the text is empty.",
                     id="csv-line-after-a-break"),
        pytest.param("a.csv", 'text,intent\nhi,a\n"open,b\n',
                     "a.csv:3: CSV: unexpected end of data. Check the quotes.", id="csv-quotes"),
        pytest.param("a.csv", "text,intent\nhi,\n", "a.csv:2: the example has no intent. Name one "
                     "for all such with --intent NAME.", id="csv-no-label"),
        pytest.param("a.csv", "a,b,c\nd,e,f\n", "a.csv:1: it is not clear which column holds texts "
                     "and which intents. Say so with --text-column and --label-column (a name, or "
                     "a number from 1).", id="csv-unclear"),
        pytest.param("a.csv", 'text,intent,entities\nhi,a,"[{""start"": 0, ""end"": 9}]"\n',
                     "a.csv:2: an entity needs start, end and entity inside the text: "
                     '{"start": 0, "end": 9}', id="csv-entity"),
        pytest.param("a.json", '[\n {"text": "hi", "intent": "a"},\n {"intent": "b"}\n]',
                     "a.json:3: the row has no text under 'text': {\"intent\": \"b\"}",
                     id="json-row"),
        pytest.param("a.json", '[\n ["hi", "a"],\n ["b"]\n]',
                     'a.json:3: a pair must be [text, intent], not ["b"]', id="json-pair"),
        pytest.param("a.json", '[\n ["hi", "a"]\n ["b", "c"]\n]',
                     "a.json:3: JSON: Expecting ',' delimiter.", id="json-comma"),
        pytest.param("a.jsonl", '{"text": "hi", "intent": "a"}\n{"text": "ho"\n',
                     "a.jsonl:2: JSON: Expecting ',' delimiter.", id="json-line"),
        pytest.param("a.json", '{"val": [["hi", "a"]]}',
                     "a.json: has no part 'train'. Known: val. Choose with --part.", id="clinc"),
        pytest.param("a.json", '{"rasa_nlu_data": {\n "common_examples": [\n  {"text": "hi", '
                     '"intent": "a"},\n  {"text": "ho", "intent": "a", "entities": [{}]}\n ]\n}}',
                     "a.json:4: an entity needs start, end and entity ('start').", id="rasa-json"),
        pytest.param("a.json", '{"rasa_nlu_data": {\n "common_examples": [}}',
                     "a.json:2: JSON: Expecting value.", id="rasa-json-damaged"),
        pytest.param("a.conll", "fly\nto O\nOslo B_city\n", "a.conll:3: 'B_city' is no tag. "
                     "Tags are O, B-name and I-name.", id="conll-tag"),
        pytest.param("a.conll", "fly\nto O\nOslo\n", "a.conll:3: 'Oslo' has no tag. Write token "
                     "and tag, e.g. Oslo B-city", id="conll-no-tag"),
        pytest.param("a.conll", "to O\nOslo B-city\n", "a.conll:1: the example has no intent. Name "
                     "one for all such with --intent NAME.", id="conll-no-intent"),
        pytest.param("a.csv", "", "a.csv:1: holds no examples.", id="empty"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(
    name: str, text: str, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(BotFileError) as caught:
        read(tmp_path, name, text)

    assert str(caught.value).replace(f"{tmp_path}/", "") == expected


def test_all_faults_are_told_together_and_the_intent_of_bare_rows_can_be_given(
    tmp_path: Path,
) -> None:
    text = "text,intent\nhi,\nho,\n"
    with pytest.raises(BotFileError) as caught:
        read(tmp_path, "a.csv", text)

    assert len(str(caught.value).splitlines()) == 2
    assert read(tmp_path, "a.csv", text, intent="greet") == [("hi", "greet"), ("ho", "greet")]


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"text,intent\nhi,a\nol\xe9,b\n")

    with pytest.raises(BotFileError, match=r"a\.csv:3: is not UTF-8 text"):
        read_examples(tmp_path / "a.csv")


def test_parallel_files_must_be_of_one_length(tmp_path: Path) -> None:
    (tmp_path / "seq.in").write_text("to Oslo\nhi\n", encoding="utf-8")
    (tmp_path / "seq.out").write_text("O B-city\nO\n", encoding="utf-8")
    (tmp_path / "label").write_text("fly\n", encoding="utf-8")

    with pytest.raises(BotFileError, match=r"label: has 1 lines, and seq\.in has 2\."):
        read_examples(tmp_path)


@pytest.mark.parametrize("name", ["a.docx", "missing.csv"])
def test_a_file_of_no_format_or_none_at_all_is_one_clear_line(name: str, tmp_path: Path) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_text("x", encoding="utf-8")

    with pytest.raises(BotFileError, match=r"names no format|no such file") as caught:
        read_examples(tmp_path / name)

    assert "\n" not in str(caught.value)


def test_a_bot_can_be_tested_with_files_of_these_formats(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,intent\nhi,greet\n", encoding="utf-8")
    (tmp_path / "a.json").write_text('{"train": [["no", "n"]], "test": [["hi", "greet"]]}')

    for name in ("a.csv", "a.json"):
        (example,) = read_held_out(tmp_path / name, tmp_path).examples
        assert (example.text, example.intent) == ("hi", "greet")
