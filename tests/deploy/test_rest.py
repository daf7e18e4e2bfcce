from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from deploy.limits import Limits
from deploy.rest import rasa_messages
from deploy.server import Server

StartServer = Callable[..., Awaitable[Server]]
WEBHOOK = "/webhooks/rest/webhook"


async def test_a_message_is_answered_in_rasas_shape(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    async with http.post(server.address + WEBHOOK, json={"sender": "a", "message": "hello"}) as got:
        body = await got.json()

    assert got.status == 200
    assert body == [
        {
            "recipient_id": "a",
            "text": "Hello! What can I do for you?",
            "buttons": [{"title": "Where is my order?", "payload": "/order_status"}],
        }
    ]


async def test_json_without_a_content_type_is_read(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()
    raw = json.dumps({"sender": "a", "message": "thanks"}).encode()

    async with http.post(
        server.address + WEBHOOK, data=raw, skip_auto_headers=["Content-Type"]
    ) as got:
        assert [each["text"] for each in await got.json()] == ["You are welcome."]


async def test_a_stream_gives_one_json_line_for_each_message(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()
    body = {"sender": "a", "message": "tell me a story"}

    async with http.post(server.address + WEBHOOK + "?stream=true", json=body) as got:
        lines = [json.loads(line) for line in (await got.text()).splitlines()]

    assert got.headers["Content-Type"].startswith("text/event-stream")
    assert lines == [{"recipient_id": "a", "text": "You said tell me a story word word word"}]


async def test_a_chinese_message_is_answered_in_chinese(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()

    async with http.post(server.address + WEBHOOK, json={"sender": "a", "message": "谢谢"}) as got:
        assert [each["text"] for each in await got.json()] == ["不客气。"]


async def test_a_form_is_filled_over_several_messages(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server()
    said = []
    for text in ("where is my order", "it is 4711"):
        async with http.post(
            server.address + WEBHOOK, json={"sender": "a", "message": text}
        ) as got:
            said += [each["text"] for each in await got.json()]

    assert said == ["What is your order number?", "Order 4711 is on its way."]


async def test_a_repeated_id_gets_the_stored_answer_and_another_text_is_refused(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server(api=True)
    address = server.address + WEBHOOK
    body = {"sender": "a", "message": "tell me a story", "message_id": "m1"}
    answers = []
    for _ in range(2):
        async with http.post(address, json=body) as got:
            answers.append(await got.json())
    async with http.post(address, json={**body, "message": "hello"}) as refused:
        fault = await refused.json()
    async with http.get(server.address + "/conversations/a/tracker") as got:
        events = (await got.json())["events"]

    assert answers[0] == answers[1] != []
    assert (refused.status, fault["error"]) == (409, "id_reused")
    assert sum(event["event"] == "user" for event in events) == 1


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        pytest.param(b"", 400, "empty_body", id="empty"),
        pytest.param(b"{oops", 400, "bad_json", id="no-json"),
        pytest.param(b"[1]", 400, "not_object", id="no-object"),
        pytest.param(b'{"sender": "a"}', 400, "missing_field", id="no-message"),
        pytest.param(b'{"message": "hi"}', 400, "missing_field", id="no-sender"),
        pytest.param(b'{"sender": "a", "message": 5}', 400, "not_text", id="number"),
        pytest.param(b'{"sender": "a", "message": "  "}', 400, "empty", id="blank"),
        pytest.param(b'{"sender": 7, "message": "hi"}', 400, "bad_sender", id="number-as-sender"),
        pytest.param(b'{"sender": "a\\u0000", "message": "hi"}', 400, "bad_sender", id="NUL"),
        pytest.param(
            b'{"sender": "%s", "message": "hi"}' % (b"x" * 256), 400, "bad_sender", id="long-sender"
        ),
        pytest.param(
            b'{"sender": "a", "message": "hi", "metadata": 3}', 400, "bad_metadata", id="metadata"
        ),
        pytest.param('{"sender": "a", "message": "né"}'.encode("latin-1"), 400, "wrong_encoding",
                     id="latin-1"),
        pytest.param(b"\x80\x81\xff\x00", 400, "wrong_encoding", id="binary"),
        pytest.param(b'{"sender": "a", "message": "\\ud800"}', 400, "not_unicode",
                     id="lone-surrogate"),
        pytest.param(b"[" * 30_000, 400, "bad_json", id="deep"),
        pytest.param(b'{"sender": "a", "message": "hi", "metadata": {"x": NaN}}', 400, "bad_json",
                     id="NaN"),
        pytest.param(b'{"sender": "a", "message": "%s"}' % (b"x" * 5000), 413, "too_long",
                     id="long-message"),
        pytest.param(b'{"sender": "a", "message": "%s"}' % (b"x" * 70_000), 413, "too_large",
                     id="huge-body"),
    ],
)  # fmt: skip
async def test_a_bad_body_gets_one_line(
    start_server: StartServer, http: aiohttp.ClientSession, raw: bytes, status: int, code: str
) -> None:
    server = await start_server()

    async with http.post(server.address + WEBHOOK, data=raw) as got:
        fault = await got.json()
    async with http.post(server.address + WEBHOOK, json={"sender": "a", "message": "hello"}) as ok:
        assert ok.status == 200  # the server lives

    assert (got.status, fault["error"]) == (status, code)
    assert "\n" not in fault["message"]
    assert fault["message"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/nowhere", 404, "not_found"),
        ("GET", WEBHOOK, 405, "wrong_method"),
        ("DELETE", "/healthz", 405, "wrong_method"),
    ],
)
async def test_a_wrong_address_or_method_gets_json(
    start_server: StartServer,
    http: aiohttp.ClientSession,
    method: str,
    path: str,
    status: int,
    code: str,
) -> None:
    server = await start_server()

    async with http.request(method, server.address + path) as got:
        fault = await got.json()

    assert (got.status, fault["error"]) == (status, code)
    assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_overloaded_server_says_when_to_come_back(
    start_server: StartServer, http: aiohttp.ClientSession
) -> None:
    server = await start_server(limits=Limits(turns=2), generator={"seconds": 0.03})
    address = server.address + WEBHOOK

    async def ask(sender: str) -> tuple[int, str | None, Any]:
        body = {"sender": sender, "message": "tell me a story", "message_id": "m"}
        async with http.post(address, json=body) as got:
            return got.status, got.headers.get("Retry-After"), await got.json()

    answers = await asyncio.gather(*(ask(f"user{i}") for i in range(6)))
    refused = [(wait, body) for status, wait, body in answers if status == 503]

    assert sum(status == 200 for status, _, _ in answers) == 2
    assert len(refused) == 4
    assert all(wait == "1" and body["error"] == "overloaded" for wait, body in refused)
    assert (await ask("user5"))[0] == 200  # and the place is free again


async def test_a_model_that_breaks_on_one_message_answers_the_next(
    start_server: StartServer, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server(understanding={"fails_on": "explode"})
    address = server.address + WEBHOOK

    async with http.post(address, json={"sender": "a", "message": "explode secret"}) as got:
        fault = await got.json()
    async with http.post(address, json={"sender": "a", "message": "hello"}) as fine:
        assert fine.status == 200

    assert (got.status, fault["error"]) == (500, "internal")
    assert "secret" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_reply_becomes_the_messages_that_rasa_would_send() -> None:
    body = {"text": "One.\n\nTwo.", "image": "https://x/y.png", "custom": {"a": 1}}

    assert rasa_messages("r", body) == [
        {"recipient_id": "r", "text": "One."},
        {"recipient_id": "r", "text": "Two."},
        {"recipient_id": "r", "custom": {"a": 1}},
        {"recipient_id": "r", "image": "https://x/y.png"},
    ]


def test_quick_replies_and_cards_are_sent_as_rasa_sends_them() -> None:
    quick = [{"title": "Small", "payload": "/small"}]
    card = {"title": "Tea", "subtitle": "green", "buttons": quick}
    body = {"text": "Which?", "quick_replies": quick, "elements": [card, {"title": "Milk"}]}

    assert rasa_messages("r", body) == [
        {"recipient_id": "r", "text": "Which?", "buttons": quick},
        {"recipient_id": "r", "text": "Tea : green", "buttons": quick},
        {"recipient_id": "r", "text": "Milk : ", "buttons": []},
    ]
