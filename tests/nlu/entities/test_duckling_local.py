"""The values that Duckling finds on Tuesday, 24 November 2026, ten o'clock in Shanghai."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nlu.entities.duckling_local import LocalDuckling, is_installed
from nlu.entities.duckling_match import Question, entities_of

pytestmark = pytest.mark.skipif(not is_installed(), reason="no wheel of Duckling is made for here")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def ask(
    text: str, locale: str = "en_EN", dimensions: tuple[str, ...] | None = None
) -> list[tuple[str, str, Any]]:
    question = Question(text, locale, "Asia/Shanghai", TUESDAY, dimensions)
    entities = entities_of(LocalDuckling().parse(question), text, "DucklingEntityExtractor")
    return [(each.entity, text[each.start : each.end], each.value) for each in entities]


@pytest.mark.parametrize(
    ("text", "dimension", "surface", "value"),
    [
        pytest.param("I need twenty five chairs", "number", "twenty five", 25, id="number"),
        pytest.param("my 21st order", "ordinal", "21st", 21, id="ordinal"),
        pytest.param("pay 1,200.50 USD", "amount-of-money", "1,200.50 USD", 1200.5, id="money"),
        pytest.param("stay for 3 days", "duration", "3 days", 3, id="duration"),
        pytest.param("write to jo@example.com", "email", "jo@example.com", "jo@example.com",
                     id="e-mail"),
        pytest.param("see https://a.io/b?c=1", "url", "https://a.io/b?c=1", "https://a.io/b?c=1",
                     id="url"),
        pytest.param("call 415-555-2671", "phone-number", "415-555-2671", "4155552671", id="phone"),
        pytest.param("it is 20 km away", "distance", "20 km", 20, id="distance"),
        pytest.param("naïve 😂 tomorrow", "time", "tomorrow", "2026-11-25T00:00:00.000+08:00",
                     id="offsets-after-emoji"),
        pytest.param("next friday", "time", "next friday", "2026-12-04T00:00:00.000+08:00",
                     id="date"),
    ],
)  # fmt: skip
def test_english_values_are_found(text: str, dimension: str, surface: str, value: object) -> None:
    assert (dimension, surface, value) in ask(text, dimensions=(dimension,))


@pytest.mark.parametrize(
    ("text", "dimension", "surface", "value"),
    [
        pytest.param("我要二十五把椅子", "number", "二十五", 25, id="number"),
        pytest.param("给我转五百元", "amount-of-money", "五百元", 500, id="yuan"),
        pytest.param("我付了100美元", "amount-of-money", "100美元", 100, id="dollars"),
        pytest.param("价格是￥99.9", "amount-of-money", "￥99.9", 99.9, id="sign"),
        pytest.param("明天上午九点半", "time", "明天上午九点半", "2026-11-25T09:30:00.000+08:00",
                     id="morning"),
        pytest.param("下周五", "time", "下周五", "2026-12-04T00:00:00.000+08:00", id="next-week"),
        pytest.param("三天后", "time", "三天后", "2026-11-27T00:00:00.000+08:00", id="later"),
        pytest.param("两小时后", "time", "两小时后", "2026-11-24T12:00:00.000+08:00", id="hours"),
        pytest.param("等半个小时", "duration", "半个小时", 30, id="half-an-hour"),
        pytest.param("五天以后", "time", "五天以后", "2026-11-29T00:00:00.000+08:00", id="after"),
        pytest.param("一千日元", "amount-of-money", "一千日元", 1000, id="yen"),
        pytest.param("打021-55667788", "phone-number", "021-55667788", "02155667788", id="call"),
        pytest.param("零下五度", "temperature", "零下五度", -5, id="below-zero"),
        pytest.param("发到jo@a.com谢谢", "email", "jo@a.com", "jo@a.com", id="e-mail"),
    ],
)  # fmt: skip
def test_chinese_values_are_found(text: str, dimension: str, surface: str, value: object) -> None:
    assert (dimension, surface, value) in ask(text, "zh_CN", (dimension,))


def test_chinese_money_has_its_currency() -> None:
    question = Question("20块和$5", "zh_CN", "UTC", TUESDAY, ("amount-of-money",))

    units = [match["value"]["unit"] for match in LocalDuckling().parse(question)]

    assert units == ["CNY", "$"]


def test_a_number_stays_a_number_where_no_money_is_asked_for() -> None:
    assert ask("我付100美元", "zh_CN", ("number",)) == [("number", "100", 100)]


def test_what_is_known_of_a_date_has_duckling_s_keys() -> None:
    (match,) = LocalDuckling().parse(Question("tomorrow", "en_EN", "UTC", TUESDAY, ("time",)))

    (entity,) = entities_of([match], "tomorrow", "DucklingEntityExtractor")

    moment = {"value": "2026-11-25T00:00:00.000Z", "grain": "day", "type": "value"}
    assert entity.additional_info is not None
    assert entity.additional_info["grain"] == "day"
    assert [sorted(each) for each in entity.additional_info["values"]] == [sorted(moment)]
    assert entity.confidence == 1.0


def test_a_span_of_time_has_two_ends() -> None:
    (found,) = ask("from 3pm to 5pm", dimensions=("time",))

    assert found[2] == {
        "from": "2026-11-24T15:00:00.000+08:00", "to": "2026-11-24T18:00:00.000+08:00",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "\0 tomorrow", "�", "1 2 3 " * 2000])
def test_no_message_breaks_it(text: str) -> None:
    for locale in ("en_EN", "zh_CN", "xx_XX"):
        assert all(surface for _, surface, _ in ask(text, locale))


def test_ctrl_c_reaches_python_after_duckling_was_loaded() -> None:
    """The runtime of Haskell would take the signal for itself."""
    code = (
        "import signal, time\nfrom nlu.entities.duckling_local import LocalDuckling\n"
        # A suite that runs in the background hands down that the signal is ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "LocalDuckling()\n"
        "try:\n print('ready', flush=True)\n time.sleep(20)\n"
        "except KeyboardInterrupt:\n print('interrupted')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"
