"""``trilogue shell``: chat in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import uuid
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import RejectedMessage

from .options import BotFolder, EngineName, EngineOption, ModelPath, models_of, tell_loading
from .rasa_flags import SHELL, taking
from .serving import EndpointsOption, StoreOption

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.component import ClosingActions, ClosingWords
    from assistant.conversations.reminder_clock import ReminderClock
    from assistant.conversations.store import StoredReply
    from assistant.dialogue.events import ReminderScheduled

GOODBYE = {"/stop", "/exit", "/quit"}


class Part(str, Enum):
    """What can be tried alone."""

    nlu = "nlu"


@taking(SHELL)
def shell(
    part: Annotated[
        Part | None, typer.Argument(help="nlu: only show what is understood.", show_default=False)
    ] = None,
    bot: BotFolder = Path(),
    model: ModelPath = None,
    conversation: Annotated[
        str | None,
        typer.Option(
            "--conversation",
            "--conversation-id",
            help="Go on with this conversation",
            show_default="a new one",
        ),
    ] = None,
    engine: EngineOption = EngineName.int8,
    store: StoreOption = None,
    endpoints: EndpointsOption = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show what is understood and who answers.")
    ] = False,
) -> None:
    """Chat with the trained bot here in the terminal. A number chooses a button.

    Examples: [bold]trilogue shell --debug[/bold] · [bold]trilogue shell nlu[/bold]
    """
    if part is Part.nlu:
        from .shell_nlu import read_aloud

        logging.getLogger().setLevel(logging.ERROR)
        read_aloud(models_of(bot, model), engine.value, _next_line)
        return
    from assistant import registry
    from assistant.assembly import build_agent, load_model
    from assistant.conversations.store import ConversationStore
    from assistant.endpoints import read_endpoints
    from assistant.models import DirectModels

    logging.getLogger().setLevel(logging.ERROR)
    tell_loading()
    loaded = load_model(models_of(bot, model), engine=engine.value)
    found, server = read_endpoints(endpoints or bot / "endpoints.yml"), registry.server()
    remote = (
        server.remote_actions(found.action_endpoint, loaded.bot)
        if found.action_endpoint and found.actions
        else None
    )
    words = server.remote_words(found.nlg) if found.nlg and found.nlg.url else None
    agent = build_agent(
        loaded,
        DirectModels(reading=loaded.reading, generator=loaded.generator),
        ConversationStore(store or bot / "conversations.db"),
        remote=remote,
    )
    agent.engine.runner.words = words
    name = conversation or uuid.uuid4().hex
    typer.echo("Say something, or /stop. 中文也可以。")
    with contextlib.suppress(EOFError):
        asyncio.run(_chat(agent, name, [each for each in (remote, words) if each], debug=debug))
    typer.echo(f"Go on later with:  trilogue shell --conversation {name}")


async def _chat(
    agent: Agent,
    conversation: str,
    servers: Sequence[ClosingActions | ClosingWords],
    *,
    debug: bool,
) -> None:
    await agent.store.open()
    reminders = await _reminders(agent, conversation, debug=debug)
    buttons: list[dict[str, str]] = []
    try:
        while True:
            line = (await asyncio.to_thread(_read_line)).strip()
            if line in GOODBYE:
                return
            if not line:
                continue
            buttons = await _turn(agent, conversation, _chosen(line, buttons), debug=debug)
    finally:
        await reminders.close()
        await agent.store.close()
        for server in servers:
            await server.close()


async def _reminders(agent: Agent, conversation: str, *, debug: bool) -> ReminderClock:
    """Show what the bot reminds of while the prompt waits, from earlier chats too."""
    from assistant.conversations.reminder_clock import ReminderClock

    async def ring(_conversation: str, reminder: ReminderScheduled) -> None:
        typer.echo()
        for reply in (await agent.remind(conversation, reminder)).replies:
            _show(reply, "", 0, debug=debug)
        sys.stdout.write("\n> ")
        sys.stdout.flush()

    clock = ReminderClock(ring)
    agent.on_reminders = clock.set
    await clock.load(agent.store, only=conversation)
    return clock


def _read_line() -> str:
    sys.stdout.write("\n> ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _next_line() -> str | None:
    """The next line that says something, or ``None`` at the end."""
    while True:
        try:
            line = _read_line().strip()
        except EOFError:
            return None
        if line in GOODBYE:
            return None
        if line:
            return line


def _chosen(line: str, buttons: list[dict[str, str]]) -> str:
    """The payload of the button whose number was typed, or the line itself."""
    if line.isdecimal() and 1 <= int(line) <= len(buttons):
        return buttons[int(line) - 1]["payload"]
    return line


async def _turn(agent: Agent, conversation: str, text: str, *, debug: bool) -> list[dict[str, str]]:
    from assistant.agent import Listener

    streamed: list[str] = []

    def on_text(piece: str) -> bool:
        streamed.append(piece)
        sys.stdout.write(piece)
        sys.stdout.flush()
        return False

    try:
        answer = await agent.handle(
            conversation, text, channel="cmdline", listener=Listener(on_text=on_text)
        )
    except RejectedMessage as error:
        typer.echo(str(error))
        return []
    if streamed:
        typer.echo()
    if debug:
        typer.secho(_understood(answer.parse), dim=True)
    buttons: list[dict[str, str]] = []
    for reply in answer.replies:
        buttons += _show(reply, "".join(streamed), len(buttons), debug=debug)
    return buttons


def _show(reply: StoredReply, streamed: str, count: int, *, debug: bool) -> list[dict[str, str]]:
    body = reply.body
    if body["source"] != "generator" or body["text"].strip() != streamed.strip():
        typer.echo(body["text"])
    for key in ("image", "attachment", "custom"):
        if body.get(key):
            typer.echo(f"[{key}] {body[key]}")
    for card in body.get("elements", ()):
        typer.echo(f"[card] {card.get('title', '')} {card.get('subtitle', '')}".rstrip())
    buttons: list[dict[str, str]] = [*body.get("buttons", ()), *body.get("quick_replies", ())]
    for i, button in enumerate(buttons, start=count + 1):
        typer.echo(f"  {i}. {button['title']}")
    if debug:
        typer.secho(f"  {body['source']} · {body['name']} · {body['language']}", dim=True)
    return buttons


def _understood(parse: dict[str, Any]) -> str:
    if not parse:
        return ""
    found = " ".join(f"{e['entity']}={e['value']}" for e in parse["entities"])
    mood = (parse["sentiment"] or {}).get("label", "")
    intent = parse["intent"]
    pivot = f" “{parse['pivot']}”" if parse.get("pivot") else ""
    return (
        f"  {parse['language']}{pivot} · {intent['name']} {intent['confidence']:.2f} · "
        f"{found} · {mood}"
    )
