"""What must survive is found, and comes back whatever the model writes."""

from __future__ import annotations

import random

import pytest

from translation.protected import find_spans
from translation.sentences import sentence_bounds
from translation.stand_ins import ATTEMPTS, disguised, revealed


def found(text: str, *keep: str, target: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text, target=target, keep=keep)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("我的订单A1042在哪", ["A1042"]),
        ("Order #77019, or SF-12/3?", ["#77019", "SF-12/3"]),
        ("发到bob@x.com或a.b@c.co.uk吧", ["bob@x.com", "a.b@c.co.uk"]),
        ("see https://shop.com/a?b=1.", ["https://shop.com/a?b=1"]),
        ("请访问https://shop.com/退货查看", ["https://shop.com/"]),
        ("on shop.example.com/returns, then", ["shop.example.com/returns"]),
        ("总共1,299.00元，运费¥15.5", ["1,299.00元", "¥15.5"]),
        ("call 138 0013 8000 now", ["138 0013 8000"]),
        ("on 2024-05-01 at 10:30", ["2024-05-01", "10:30"]),
        ("20% off", ["20%"]),
        ("A1042和A1042", ["A1042", "A1042"]),
        ("1 item, the 3rd, on 5月3日", ["3"]),
        ("no span at all", []),
        ("", []),
    ],
)
def test_codes_addresses_and_amounts_are_found(text: str, spans: list[str]) -> None:
    assert found(text) == spans


def test_kept_values_end_where_their_words_end() -> None:
    assert found("a red cap, reddish", "red") == ["red"]
    assert found("送到北京路", "北京") == ["北京"]


def test_overlapping_values_become_one_span() -> None:
    assert found("the red dress XL", "red dress", "dress XL", "red") == ["red dress XL"]
    assert found("see https://shop.com/red", "shop") == ["https://shop.com/red"]
    assert found("costs 3万", "万") == ["3万"]


def test_values_with_signs_of_patterns_are_taken_literally() -> None:
    assert found("a (b+c)* d", "(b+c)*", "", "  ") == ["(b+c)*"]


@pytest.mark.parametrize(
    ("amount", "target", "said"),
    [
        ("1,299元", "en", "1,299 yuan"),
        ("100块钱", "en", "100 yuan"),
        ("20 dollars", "zh", "20美元"),
        ("1美元", "en", "1 dollar"),
        ("3万元", "en", "30,000 yuan"),
        ("1.5万", "en", "15,000"),
        ("¥3万", "en", "¥30,000"),
        ("$59.99", "zh", "$59.99"),
        ("USD 20", "zh", "USD 20"),
        ("20元", "fr", "20元"),
    ],
)
def test_amounts_keep_number_and_currency(amount: str, target: str, said: str) -> None:
    (span,) = find_spans(amount, target=target)

    assert span.rendering == said


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
@pytest.mark.parametrize(("source", "target"), [("zh", "en"), ("en", "zh")])
def test_a_model_that_copies_gives_every_span_back(attempt: int, source: str, target: str) -> None:
    text = "A1042和A1042，¥20给bob@x.com" if source == "zh" else "A1042 and A1042, ¥20 to bob@x.com"
    spans = find_spans(text, target=target)

    shown = disguised(text, spans, source=source, target=target, attempt=attempt)

    assert shown is not None
    assert "A1042" not in shown.text
    written = " und ".join(reversed(shown.expected))
    answer = revealed(written, spans, shown.expected, target)
    assert answer is not None
    assert answer.replace(" ", "") == "bob@x.comund¥20undA1042undA1042"


@pytest.mark.parametrize("written", ["Boston and Boston", "nothing", "Boston yuan", "$Boston"])
def test_a_lost_doubled_or_priced_stand_in_is_refused(written: str) -> None:
    spans = find_spans("A1042", target="en")

    assert revealed(written, spans, ["Boston"], "en") is None


def test_a_short_number_may_come_back_as_a_word() -> None:
    spans = find_spans("7天内", target="en")

    assert revealed("Within seven days.", spans, ["7"], "en") == "Within 7 days."
    assert revealed("Within six days.", spans, ["7"], "en") is None
    assert revealed("二十七天", spans, ["7"], "zh") is None


def test_spans_are_spaced_as_the_language_wants() -> None:
    code, mail = find_spans("A1042 bob@x.com", target="zh")

    assert revealed("订单波士顿在哪", [code], ["波士顿"], "zh") == "订单A1042在哪"
    assert revealed("发到波士顿吧", [mail], ["波士顿"], "zh") == "发到 bob@x.com 吧"
    assert revealed("order Boston's", [code], ["Boston"], "en") == "order A1042's"


def test_sentences_cover_the_line_and_never_cut_a_span() -> None:
    chance = random.Random(3)
    words = [
        "你好！",
        "a.b@c.com",
        "¥1,299.00",
        "Really? ",
        "https://x.com/a?b.c!d ",
        "，",
        "ok. ",
        "😊",
    ]
    for _ in range(300):
        line = "".join(chance.choices(words, k=8))
        spans = find_spans(line, target="en")

        bounds = sentence_bounds(line, spans, longest=12)

        assert "".join(line[a:b] for a, b in bounds) == line
        cuts = {b for _, b in bounds}
        assert not any(span.start < cut < span.end for span in spans for cut in cuts)


def test_sentences_end_at_their_marks_only() -> None:
    line = "你好！我想退货。Mr. Smith paid 3.5 yuan. Really? Yes...ok"
    bounds = sentence_bounds(line, find_spans(line, target="en"), longest=200)

    assert [line[a:b].strip() for a, b in bounds] == [
        "你好！", "我想退货。", "Mr. Smith paid 3.5 yuan.", "Really?", "Yes...ok",
    ]  # fmt: skip
