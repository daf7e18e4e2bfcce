from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from nlu.entities.duckling_extractor import URL_VARIABLE, DucklingExtractor
from nlu.entities.duckling_match import DucklingError, Match, Question
from nlu.entities.duckling_server import REST, DucklingServer
from nlu.entities.options import DucklingOptions
from nlu.entities.step import Message

MATCH = {"body": "$20", "start": 5, "end": 8, "dim": "amount-of-money", "latent": False,
         "value": {"value": 20, "type": "value", "unit": "$"}}  # fmt: skip
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


class Answering:
    """Notes what it is asked."""

    def __init__(self, answer: list[Match] | DucklingError) -> None:
        self.answer = answer
        self.asked: list[Question] = []

    def parse(self, question: Question) -> list[Match]:
        self.asked.append(question)
        if isinstance(self.answer, DucklingError):
            raise self.answer
        return self.answer


class _Handler(BaseHTTPRequestHandler):
    body: bytes = b"[]"
    forms: list[dict[str, list[str]]] = []  # noqa: RUF012 - shared with the test on purpose
    paths: list[str] = []  # noqa: RUF012

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.forms.append(parse_qs(sent))
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    _Handler.forms, _Handler.paths = [], []
    _Handler.body = json.dumps([MATCH]).encode()
    httpd = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def options(**settings: object) -> DucklingOptions:
    return DucklingOptions.model_validate({"name": "DucklingEntityExtractor", **settings})


def question(text: str = "send $20") -> Question:
    return Question(text, "en_EN", "UTC", NOON, ("amount-of-money",))


def test_a_server_is_asked_as_rasa_asks_it(server: str) -> None:
    assert DucklingServer(server + "/").parse(question()) == [MATCH]

    assert _Handler.paths == ["/parse"]
    assert _Handler.forms == [
        {
            "text": ["send $20"], "locale": ["en_EN"], "tz": ["UTC"],
            "reftime": [str(int(NOON.timestamp() * 1000))], "dims": ['["amount-of-money"]'],
        }
    ]  # fmt: skip


@pytest.mark.parametrize("body", [b"<html>", b'{"a": 1}', b'[{"dim": 1}]', b"\xff"])
def test_an_answer_that_is_none_is_told_in_one_line(server: str, body: bytes) -> None:
    _Handler.body = body

    with pytest.raises(DucklingError, match=f"Duckling at {server}") as caught:
        DucklingServer(server).parse(question())

    assert len(str(caught.value).splitlines()) == 1


def test_a_server_that_failed_is_left_alone_for_a_while() -> None:
    time = [0.0]
    silent = DucklingServer("http://127.0.0.1:9", timeout=0.5, clock=lambda: time[0])
    with pytest.raises(DucklingError, match="does not answer"):
        silent.parse(question())

    silent.url = "file:///nothing"  # asking would now fail in another way
    with pytest.raises(DucklingError, match=r"127\.0\.0\.1:9"):
        silent.parse(question())
    time[0] = REST + 1
    with pytest.raises(DucklingError, match="file:"):
        silent.parse(question())


def test_entities_have_rasa_s_shape() -> None:
    extractor = DucklingExtractor(options(), "en", [Answering([MATCH])], clock=lambda: NOON)

    (entity,) = extractor.process(Message("send $20"), [])

    assert (entity.entity, entity.value, entity.start, entity.end) == ("amount-of-money", 20, 5, 8)
    assert entity.additional_info == {"value": 20, "type": "value", "unit": "$"}
    assert entity.extractor == "DucklingEntityExtractor"


def test_without_an_answer_the_message_goes_on_and_one_line_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    down = Answering(DucklingError("Duckling at http://x does not answer: refused"))
    extractor = DucklingExtractor(options(), "en", [down])

    with caplog.at_level(logging.WARNING):
        found = [extractor.process(Message("send $20"), []) for _ in range(3)]

    assert found == [[], [], []]
    assert len(caplog.messages) == 1
    assert "the turn goes on without" in caplog.messages[0]


def test_the_next_source_stands_in() -> None:
    down, up = Answering(DucklingError("down")), Answering([MATCH])
    extractor = DucklingExtractor(options(), "en", [down, up])

    assert len(extractor.process(Message("send $20"), [])) == 1


@pytest.mark.parametrize(
    ("settings", "language", "locale"),
    [
        pytest.param({}, "en", "en_EN", id="of-the-language"),
        pytest.param({}, "zh", "zh_CN", id="Chinese"),
        pytest.param({"locale": "en_GB"}, "en", "en_GB", id="given"),
        pytest.param({"locale": "en_GB"}, "zh-Hans", "zh_CN", id="given-for-another-language"),
    ],
)
def test_the_locale_follows_the_message(
    settings: dict[str, str], language: str, locale: str
) -> None:
    source = Answering([])
    DucklingExtractor(options(**settings), "en", [source]).process(Message("x", language), [])

    assert source.asked[0].locale == locale


def test_now_is_the_clock_s_unless_the_bot_fixes_it() -> None:
    source = Answering([])
    fixed = options(reftime="2020-02-29T08:00:00", timezone="Europe/Berlin")
    DucklingExtractor(options(), "en", [source], clock=lambda: NOON).process(Message("x"), [])
    DucklingExtractor(fixed, "en", [source], clock=lambda: NOON).process(Message("x"), [])

    assert source.asked[0].moment == NOON
    assert source.asked[1].moment.isoformat() == "2020-02-29T08:00:00+01:00"


def test_the_environment_names_the_server(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, server)

    extractor = DucklingExtractor.of(options(url="http://127.0.0.1:9"), "en")

    assert len(extractor.process(Message("send $20"), [])) == 1
    assert len(_Handler.forms) == 1
