from __future__ import annotations

from pathlib import Path

import pytest

from assistant.component import ServerSettings
from deploy.origins import Origins

SHOP = "https://shop.example"


def origins(listens_on: str = "127.0.0.1", *cors: str) -> Origins:
    settings = ServerSettings(models=Path("models"), store="chats.db", host=listens_on, cors=cors)
    return Origins(settings)


@pytest.mark.parametrize(
    ("origin", "host", "cors", "allowed"),
    [
        pytest.param("http://127.0.0.1:5005", "127.0.0.1:5005", (), True, id="own"),
        pytest.param("http://localhost:5005", "localhost:5005", (), True, id="localhost"),
        pytest.param("http://localhost:7860", "localhost:5005", (), False, id="other-port"),
        pytest.param("http://evil.example", "evil.example", (), False, id="dns-rebinding"),
        pytest.param("null", "127.0.0.1:5005", (), False, id="sandboxed-page"),
        pytest.param("http://[", "127.0.0.1:5005", (), False, id="nonsense"),
        pytest.param("http://[", "[", (), False, id="twice-nonsense"),
        pytest.param(SHOP, "127.0.0.1:5005", (SHOP + "/",), True, id="named"),
        pytest.param(SHOP + ".evil.example", "127.0.0.1:5005", (SHOP,), False, id="longer-name"),
        pytest.param("https://any.example", "127.0.0.1:5005", ("*",), True, id="every-one"),
        pytest.param("http://box:5005", "box:5005", ("http://box:5005",), True, id="named-itself"),
    ],
)
def test_which_websites_may_talk_to_a_local_server(
    origin: str, host: str, cors: tuple[str, ...], *, allowed: bool
) -> None:
    refusal = origins("127.0.0.1", *cors).refusal_of_origin(origin, host)

    assert (refusal is None) is allowed


@pytest.mark.parametrize(
    ("listens_on", "host", "allowed"),
    [
        pytest.param("127.0.0.1", "127.0.0.1:5005", True, id="address"),
        pytest.param("127.0.0.1", "[::1]:5005", True, id="address-6"),
        pytest.param("127.0.0.1", "localhost:8080", True, id="another-port-is-forwarded"),
        pytest.param("127.0.0.1", "bot.localhost", True, id="below-localhost"),
        pytest.param("127.0.0.1", "", True, id="no-browser"),
        pytest.param("127.0.0.1", "shop.example:5005", True, id="of-a-website-let-in"),
        pytest.param("127.0.0.1", "evil.example:5005", False, id="dns-rebinding"),
        pytest.param("127.0.0.1", "localhost.evil.example", False, id="looks-like-localhost"),
        pytest.param("127.0.0.1", ":5005", False, id="nameless"),
        pytest.param("::1", "evil.example:5005", False, id="dns-rebinding-6"),
        pytest.param("localhost", "evil.example:5005", False, id="dns-rebinding-by-name"),
        pytest.param("box", "box:5005", True, id="its-own-name"),
        pytest.param("box", "evil.example", False, id="its-name-may-mean-this-machine"),
        pytest.param("0.0.0.0", "box:5005", True, id="on-the-network"),
        pytest.param("192.168.0.7", "box:5005", True, id="on-one-network"),
    ],
)
def test_under_which_names_a_server_answers(listens_on: str, host: str, *, allowed: bool) -> None:
    assert (origins(listens_on, SHOP).refusal_of_host(host) is None) is allowed


def test_the_own_page_of_a_server_on_the_network_is_not_foreign_under_any_name() -> None:
    server = origins("0.0.0.0")

    assert server.refusal_of_origin("http://mymachine:5005", "mymachine:5005") is None
    assert server.refusal_of_origin("https://chat.shop.example", "chat.shop.example") is None
    assert server.refusal_of_origin(SHOP, "mymachine:5005") is not None


def test_nothing_but_a_plain_address_is_repeated_to_a_log() -> None:
    refusal = origins().refusal_of_origin("http://x\x1b[31m $(reboot)", "127.0.0.1") or ""

    assert "--cors ADDRESS" in refusal
    assert "reboot" not in refusal
