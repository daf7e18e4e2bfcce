"""Which websites, and under which names, may reach a server from a browser.

A browser sends the website that asks as ``Origin``, and the name that it believes the server has
as ``Host``. A server that listens on its own machine alone trusts no name that only *resolves* to
it: the page of a stranger can give its own name this machine's address (DNS rebinding), and would
then be one of the server's own pages. A server that listens on the network is reached under names
that it cannot know; whoever asks under one of them could as well ask under the address.
"""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import urlsplit

from aiohttp import web

from assistant.component import ServerSettings

log = logging.getLogger(__name__)
MOST_TOLD = 100
LONGEST_SHOWN = 100


class Origins:
    """What one server lets in.

    Args:
        settings: Where it listens, and the websites of ``cors``; ``*`` lets every one in.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._every = "*" in settings.cors
        self._named = {each.rstrip("/").lower() for each in settings.cors}
        self._names = {"localhost", settings.host.lower()}
        self._names |= {_name(origin.partition("://")[2]) for origin in self._named}
        self._host = settings.host
        self._on_network = not settings.host or _is_open(settings.host)
        self._told: set[str] = set()

    def refusal_of_host(self, host: str) -> str | None:
        """Return why a request for a name is refused, in one line; ``None`` lets it in.

        Args:
            host: The ``Host`` header, e.g. ``shop.example:5005``; empty where there is none.
        """
        if self._knows(host):
            return None
        shown = _shown(f"http://{host}")
        return self._tell(
            f"This server listens on {self._host} and does not know the name it was asked under. "
            f"To be reached under that name, start it with: trilogue run --cors {shown}"
        )

    def refusal_of_origin(self, origin: str, host: str) -> str | None:
        """Return why a website is refused, in one line; ``None`` lets it in.

        Args:
            origin: The website, e.g. ``https://shop.example``.
            host: The ``Host`` header: a page that this server itself served is never foreign.
        """
        wanted = origin.rstrip("/").lower()
        if self._every or wanted in self._named or (_same(wanted, host) and self._knows(host)):
            return None
        if wanted == "null":
            return self._tell(
                "Pages without an address (opened from a file, or in a sandbox) may not talk to "
                "this server. Serve the page, and start this one with: trilogue run --cors ADDRESS"
            )
        shown = _shown(origin)
        return self._tell(
            f"The website {shown} may not talk to this server. "
            f"To let it in, start the server with: trilogue run --cors {shown}"
        )

    def _knows(self, host: str) -> bool:
        if self._every or self._on_network or not host:
            return True
        name = _name(host.lower())
        known = name in self._names or name.endswith(".localhost") or _is_address(name)
        return bool(name) and known

    def _tell(self, line: str) -> str:
        """Log a refusal the first time."""
        if line not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(line)
            log.warning("refused: %s", line)
        return line


def _same(origin: str, host: str) -> bool:
    scheme, _, place = origin.partition("://")
    return scheme in ("http", "https") and place == host.lower()


def _name(place: str) -> str:
    """The name in ``name:port``; empty where it is nonsense."""
    try:
        return urlsplit(f"//{place}").hostname or ""
    except ValueError:
        return ""


def _is_open(host: str) -> bool:
    """Whether listening there is listening to the network; a name may mean this machine."""
    return _is_address(host) and not ipaddress.ip_address(host).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _shown(name: str) -> str:
    """A name as it may stand in a log; whatever is no plain address is left out."""
    plain = name.isascii() and name.isprintable() and not set(" \"'<>`$\\") & set(name)
    return name if plain and len(name) <= LONGEST_SHOWN else "ADDRESS"


ORIGINS = web.AppKey("origins", Origins)
