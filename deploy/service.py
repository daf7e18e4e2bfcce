"""What the routes of one server share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from assistant.assembly import LoadedModel
from assistant.component import ServerSettings
from assistant.errors import RejectedMessage

from .batcher import Batcher
from .limits import Limits
from .rooms import Rooms
from .turns import Turns

Phase = Literal["loading", "ready", "draining"]


@dataclass(kw_only=True)
class Service:
    """One server, from its first moment to its last.

    Attributes:
        phase: ``loading`` until every model is warm, ``draining`` from the first signal on.
        batcher: Runs the models.
        model: The bot, once it is loaded.
        turns: Answers messages, once the models are warm.
    """

    settings: ServerSettings
    limits: Limits = field(default_factory=Limits)
    phase: Phase = "loading"
    batcher: Batcher = field(default_factory=Batcher)
    rooms: Rooms = field(init=False)
    model: LoadedModel | None = None
    turns: Turns | None = None

    def __post_init__(self) -> None:
        self.rooms = Rooms(self.limits.away_seconds)

    def ready_turns(self) -> Turns:
        """Return what answers messages.

        Raises:
            RejectedMessage: The models are still loading, or the server shuts down (503).
        """
        if self.phase == "draining":
            raise RejectedMessage("draining", "The server is shutting down.", status=503)
        if self.turns is None or self.phase != "ready":
            raise RejectedMessage("loading", "The models are still loading.", status=503)
        return self.turns


SERVICE = web.AppKey("service", Service)
