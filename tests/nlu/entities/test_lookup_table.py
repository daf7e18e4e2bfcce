from __future__ import annotations

import time

import pytest

from nlu.entities.lookup_table import LookupTable


def surfaces(text: str, words: list[str], **options: bool) -> list[str]:
    return [text[start:end] for start, end in LookupTable.of(words, **options).spans(text)]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        pytest.param("from Oslo to ROME", ["oslo", "Rome"], ["Oslo", "ROME"], id="any-case"),
        pytest.param("osloer", ["oslo"], [], id="inside-a-word"),
        pytest.param("new york city", ["New York", "New York City"], ["new york city"], id="long"),
        pytest.param("送到上海浦东", ["上海", "浦东"], ["上海", "浦东"], id="Chinese"),
        pytest.param("买iPhone了", ["iphone"], ["iPhone"], id="Latin-among-Han"),
        pytest.param("c++ or c#", ["C++", "C#"], ["c++", "c#"], id="marks"),
        pytest.param("İzmir oslo", ["oslo"], ["oslo"], id="long-lower-case"),
        pytest.param("", ["oslo"], [], id="empty"),
        pytest.param("oslo", ["", "  "], [], id="blank-words"),
    ],
)
def test_words_of_a_table_are_found(text: str, words: list[str], found: list[str]) -> None:
    assert surfaces(text, words) == found


def test_options_of_the_table_hold() -> None:
    assert surfaces("Oslo oslo", ["Oslo"], case_sensitive=True) == ["Oslo"]
    assert surfaces("osloer", ["oslo"], bounded=False) == ["oslo"]


def test_a_table_of_fifty_thousand_words_takes_a_moment() -> None:
    table = LookupTable.of([f"name{n}" for n in range(50_000)])
    text = "please call name49999 and name7 " * 10

    begin = time.perf_counter()
    found = table.spans(text)

    assert len(found) == 20
    assert time.perf_counter() - begin < 0.05
