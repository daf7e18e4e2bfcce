"""One server's life: it answers ``/healthz`` at once, loads, warms up, recovers, serves, drains."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable

from aiohttp import web

from assistant.agent import Agent
from assistant.assembly import LoadedModel, build_agent, load_model
from assistant.component import ServerSettings
from assistant.conversations.store import ConversationStore
from assistant.endpoints import read_endpoints
from assistant.errors import ModelError, TrilogueError

from . import api, gate, health, rest, website, websocket
from .action_server import ActionServer
from .batched_models import BatchedModels
from .limits import Limits
from .nlg_server import NlgServer
from .origins import ORIGINS, Origins
from .service import SERVICE, Service
from .turns import Turns

log = logging.getLogger(__name__)


def build_app(service: Service) -> web.Application:
    """Put the routes of a server together.

    Raises:
        TrilogueError: The website's folder is missing.
    """
    app = web.Application(middlewares=[gate.gate], client_max_size=service.limits.body_bytes)
    app[SERVICE] = service
    app[ORIGINS] = Origins(service.settings)
    health.add_routes(app)
    rest.add_routes(app)
    api.add_routes(app, service.settings)
    websocket.add_routes(app)
    website.add_routes(app, service.settings.website)
    return app


class Server:
    """A server on the running event loop.

    Args:
        settings: What is served, where.
        limits: What it bears.
    """

    def __init__(self, settings: ServerSettings, limits: Limits | None = None) -> None:
        self.service = Service(settings=settings, limits=limits or Limits())
        self.address = ""
        self._runner: web.AppRunner | None = None
        self._store: ConversationStore | None = None
        self._remote: ActionServer | None = None
        self._words: NlgServer | None = None

    async def start(self) -> None:
        """Listen, then load the models and let each answer once; ready when this returns.

        Raises:
            TrilogueError: The port is taken, a model is missing, the store cannot be opened.
        """
        await self._listen()
        agent = await self._agent(await asyncio.to_thread(self._load))
        self.service.turns = Turns(agent, self.service.rooms, self.service.limits)
        recovered = await agent.recover()
        if recovered:
            log.info("answered %d messages that were left from before", recovered)
        await self.service.turns.reminders.load(agent.store)
        if self.service.phase == "loading":
            self.service.phase = "ready"

    async def _listen(self) -> None:
        settings = self.service.settings
        self._runner = web.AppRunner(
            build_app(self.service), access_log=None, handle_signals=False, shutdown_timeout=2.0
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, settings.host, settings.port).start()
        except OSError as error:
            known = error.errno is not None and error.errno > 0
            what = os.strerror(error.errno) if known and error.errno else str(error.strerror)
            raise TrilogueError(
                f"cannot listen on {settings.host}:{settings.port} ({what.lower()}). "
                "Choose another port: --port NUMBER"
            ) from error
        host, port = self._runner.addresses[0][:2]
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{port}"

    def _load(self) -> LoadedModel:
        settings = self.service.settings
        return load_model(settings.models, engine=settings.engine)

    async def _agent(self, model: LoadedModel) -> Agent:
        """Open the store, warm the models up, and put the agent together."""
        settings = self.service.settings
        self.service.model = model
        models = BatchedModels(model.reading, model.generator, self.service.batcher)
        await _warm_up(models, model)
        self._store = ConversationStore(settings.store)
        await self._store.open()
        endpoints = read_endpoints(model.bot.root / "endpoints.yml")
        address = settings.actions or endpoints.action_endpoint
        if address and (isinstance(address, str) or address.url):
            self._remote = ActionServer(address, model.bot)
        agent = build_agent(model, models, self._store, remote=self._remote)
        nlg = settings.nlg or endpoints.nlg
        if nlg and nlg.url:
            self._words = agent.engine.runner.words = NlgServer(nlg)
        return agent

    async def stop(self) -> None:
        """Take no more turns, finish the running ones, close everything."""
        self.service.phase = "draining"
        if self.service.turns is not None:
            left = await self.service.turns.drain(self.service.limits.drain_seconds)
            if left:
                log.warning("%d turns did not finish; the next start answers them", left)
        await websocket.close_all(self.service)
        if self._runner is not None:
            await self._runner.cleanup()
        await self.service.batcher.close()
        for helper in (self._remote, self._words):
            if helper is not None:
                await helper.close()
        if self._store is not None:
            await self._store.close()


async def _warm_up(models: BatchedModels, model: LoadedModel) -> None:
    try:
        await models.warm_up()
    except TrilogueError:
        raise
    except Exception as error:
        raise ModelError(
            f"{model.folder}: a model failed at its first message "
            f"({type(error).__name__}: {error}). Train again: trilogue train --force"
        ) from error


async def serve_until(
    server: Server, ended: asyncio.Event, on_ready: Callable[[str], None]
) -> None:
    """Run a server until an event is set; an event that comes while it loads ends it too.

    Raises:
        TrilogueError: See `Server.start`.
    """
    starting = asyncio.create_task(server.start())
    ending = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            on_ready(server.address)
            await ending
    finally:
        starting.cancel()
        ending.cancel()
        await asyncio.gather(starting, ending, return_exceptions=True)
        await server.stop()
