from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import fakes
import pytest

from assistant import registry
from assistant.component import ServerPart, ServerSettings
from assistant.errors import ModelError, TrilogueError
from deploy.client import ChatClient
from deploy.part import running
from deploy.server import Server

HERE = Path(__file__).parent
StartServer = Callable[..., Awaitable[Server]]
Start = Callable[..., "Process"]
SLOW = {"generator": {"words": 300, "seconds": 0.02}}


class Process:
    """A server process; its address is known once it is ready."""

    def __init__(self, models: Path, store: Path, port: int, options: Any, limits: Any) -> None:  # noqa: ANN401
        arguments = [str(models), str(store), str(port), json.dumps(options), json.dumps(limits)]
        self.popen = subprocess.Popen(
            [sys.executable, str(HERE / "served_process.py"), *arguments],
            env={**os.environ, "PYTHONPATH": f"{HERE.parent.parent}{os.pathsep}{HERE.parent}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.address = ""

    async def ready(self) -> None:
        assert self.popen.stdout is not None
        self.address = (await asyncio.to_thread(self.popen.stdout.readline)).strip()
        assert self.address

    async def ended(self) -> tuple[int, str]:
        _out, errors = await asyncio.to_thread(self.popen.communicate, timeout=20)
        return self.popen.returncode, errors


@pytest.fixture
def start_process(models: Path, tmp_path: Path) -> Iterator[Start]:
    started: list[Process] = []

    def start(
        options: dict[str, Any] | None = None,
        *,
        port: int = 0,
        limits: dict[str, Any] | None = None,
        models: Path = models,
    ) -> Process:
        process = Process(models, tmp_path / "chats.db", port, options or {}, limits or {})
        started.append(process)
        return process

    yield start
    for process in started:
        if process.popen.poll() is None:
            process.popen.kill()
            process.popen.wait()
        for pipe in (process.popen.stdout, process.popen.stderr):
            assert pipe is not None
            pipe.close()


async def first_token(client: ChatClient, text: str, message_id: str) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = []
    stream = client.send(text, message_id=message_id)
    async for frame in stream:
        frames.append(frame)
        if frame["type"] == "token":
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return frames


@pytest.mark.slow
async def test_a_kill_between_the_acknowledgement_and_the_answer_loses_nothing(
    start_process: Start,
) -> None:
    first = start_process(SLOW)
    await first.ready()
    async with ChatClient(first.address, "c", patience=0.3) as client:
        await first_token(client, "tell me a story", "m1")
        first.popen.kill()
        await first.ended()

    second = start_process({"generator": {"words": 2}})
    await second.ready()
    async with ChatClient(second.address, "c") as client:
        recovered = await asyncio.wait_for(client.others.get(), 5)
        again = await client.ask("tell me a story", message_id="m1")

    whole = "You said tell me a story word word"
    assert recovered["text"] == whole
    assert [reply["text"] for reply in again] == [whole]
    assert again[0]["seq"] == recovered["seq"]  # answered once, before anyone asked again


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_the_running_turn_finish(
    start_process: Start, http: aiohttp.ClientSession, number: signal.Signals
) -> None:
    process = start_process({"generator": {"words": 30, "seconds": 0.03}})
    await process.ready()
    async with ChatClient(process.address, "c", patience=0.1) as client:
        frames: list[dict[str, Any]] = []

        async def listen() -> None:
            async for frame in client.send("tell me a story"):
                frames.append(frame)  # noqa: PERF401 - they are watched while they come

        listening = asyncio.create_task(listen())
        while not any(frame["type"] == "token" for frame in frames):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        process.popen.send_signal(number)
        await asyncio.sleep(0.1)
        async with http.get(process.address + "/readyz") as ready:
            assert ready.status == 503
            assert (await ready.json())["error"] == "draining"
        async with http.get(process.address + "/healthz") as alive:
            assert alive.status == 200
        body = {"sender": "d", "message": "hello"}
        async with http.post(process.address + "/webhooks/rest/webhook", json=body) as refused:
            assert refused.status == 503
        await asyncio.wait_for(listening, 10)

    status, errors = await process.ended()
    replies = [frame["text"] for frame in frames if frame["type"] == "reply"]
    assert replies == ["You said tell me a story" + " word" * 30]
    assert status == 0, errors
    assert "Traceback" not in errors
    assert "story" not in errors


@pytest.mark.slow
async def test_a_turn_that_does_not_finish_in_time_is_answered_at_the_next_start(
    start_process: Start,
) -> None:
    first = start_process(SLOW, limits={"drain_seconds": 0.2})
    await first.ready()
    async with ChatClient(first.address, "c", patience=0.1) as client:
        await first_token(client, "tell me a story", "m1")
        began = time.monotonic()
        first.popen.terminate()
        status, errors = await first.ended()

    second = start_process({"generator": {"words": 2}})
    await second.ready()
    async with ChatClient(second.address, "c") as client:
        recovered = await asyncio.wait_for(client.others.get(), 5)

    assert (status, recovered["text"]) == (0, "You said tell me a story word word")
    assert time.monotonic() - began < 10
    assert "Traceback" not in errors


async def test_a_socket_hears_that_the_server_restarts(
    start_process: Start, http: aiohttp.ClientSession
) -> None:
    process = start_process()
    await process.ready()
    chat = await http.ws_connect(process.address + "/ws?conversation=c")

    process.popen.terminate()
    closed = await chat.receive(timeout=5)

    assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 1012)
    assert (await process.ended())[0] == 0


async def test_a_port_in_use_is_one_line(start_process: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, errors = await start_process(port=port).ended()

    assert status == 2
    assert errors == (
        f"cannot listen on 127.0.0.1:{port} (address already in use). "
        "Choose another port: --port NUMBER\n"
    )


async def test_a_missing_model_is_one_line(start_process: Start, tmp_path: Path) -> None:
    status, errors = await start_process(models=tmp_path / "nothing").ended()

    assert status == 2
    assert "holds no trained model" in errors
    assert "Traceback" not in errors


async def test_it_is_alive_at_once_and_ready_only_when_every_model_is_warm(
    start_server: StartServer, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = asyncio.Event()
    server = await start_server()  # its port is taken: the next one gets another
    real = fakes.FakeUnderstandingPart.load
    loop = asyncio.get_running_loop()

    def slow_load(part: fakes.FakeUnderstandingPart, folder: Path, *, engine: Any = "int8") -> Any:  # noqa: ANN401
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(10)
        return real(part, folder, engine=engine)

    monkeypatch.setattr(fakes.FakeUnderstandingPart, "load", slow_load)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    starting = asyncio.create_task(start_server(port=port, store=":memory:"))
    address = f"http://127.0.0.1:{port}"
    await asyncio.sleep(0.1)

    async with http.get(address + "/healthz") as alive:
        assert (alive.status, await alive.json()) == (200, {"status": "ok"})
    async with http.get(address + "/readyz") as ready:
        assert (ready.status, ready.headers["Retry-After"]) == (503, "1")
    body = {"sender": "a", "message": "hello"}
    async with http.post(address + "/webhooks/rest/webhook", json=body) as early:
        assert (early.status, (await early.json())["error"]) == (503, "loading")
    go.set()
    await starting
    async with http.get(address + "/readyz") as ready:
        assert ready.status == 200
    async with http.get(server.address + "/version") as version:
        assert (await version.json())["version"]


async def test_a_model_that_fails_its_warm_up_stops_the_start(start_server: StartServer) -> None:
    with pytest.raises(ModelError, match="failed at its first message"):
        await start_server(understanding={"fails_on": "hello"})


def test_running_serves_on_a_thread_and_ends_with_the_context(models: Path, tmp_path: Path) -> None:
    settings = ServerSettings(models=models, store=tmp_path / "chats.db", port=0)

    async def ask(address: str) -> list[dict[str, Any]]:
        async with ChatClient(address, patience=0.1) as client:
            return await client.ask("hello")

    with running(settings) as address:
        assert asyncio.run(ask(address))[0]["name"] == "utter_greet"
    with pytest.raises(TrilogueError):
        asyncio.run(ask(address))


def test_running_raises_what_went_wrong(tmp_path: Path) -> None:
    settings = ServerSettings(models=tmp_path / "nothing", store=tmp_path / "chats.db", port=0)

    with pytest.raises(ModelError, match="no trained model"), running(settings):
        pass


def test_a_store_that_cannot_be_opened_is_one_line(models: Path, tmp_path: Path) -> None:
    settings = ServerSettings(models=models, store=tmp_path / "nowhere" / "chats.db", port=0)

    with pytest.raises(TrilogueError, match="cannot be opened"), running(settings):
        pass


def test_the_server_is_found_by_its_entry_point() -> None:
    part: ServerPart = registry.server()

    assert (part.serve.__module__, part.running.__module__) == ("deploy.part", "deploy.part")
