"""Ask one of a bot's helpers over HTTP: its action server, or what writes its responses.

An address has Rasa's fields (``endpoints.yml``): url, params, headers, basic_auth, token,
token_name, cafile. One request, one answer: nothing is tried again by itself.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass
from typing import Any

import aiohttp

from assistant.endpoints import Address

MOST_BYTES = 1024 * 1024


class HelperError(Exception):
    """What went wrong, to be told as ``the … at URL …``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes

    def json(self) -> Any:  # noqa: ANN401
        """Return the body as JSON.

        Raises:
            HelperError: It is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise HelperError("answered with something that is no JSON") from error


class HelperServer:
    """A server that is asked with JSON; it keeps its connections until closed.

    Args:
        address: Where it is, and what every request carries.
        seconds: How long an answer may take.
        compressed: Whether requests are deflated.
    """

    def __init__(self, address: Address, *, seconds: float, compressed: bool = False) -> None:
        self.address = address
        self.seconds = seconds
        self.compressed = compressed
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def post(self, body: dict[str, Any]) -> Answer:
        """Post JSON to the address.

        Raises:
            HelperError: It is away, slow, or answers with more than `MOST_BYTES`.
        """
        return await self._ask("POST", str(self.address.url), body)

    async def get(self, path: str) -> Answer:
        """Get what lies at another path of the same server.

        Raises:
            HelperError: As `post`.
        """
        base, _, _ = str(self.address.url).rpartition("/")
        return await self._ask("GET", f"{base}/{path}", None)

    async def _ask(self, method: str, url: str, body: dict[str, Any] | None) -> Answer:
        session = self._opened()
        try:
            async with session.request(
                method, url, json=body, params=self._params(), allow_redirects=False,
                compress=self.compressed and body is not None,
            ) as response:  # fmt: skip
                return Answer(status=response.status, body=await _read(response))
        except asyncio.TimeoutError as error:
            raise HelperError(f"did not answer within {self.seconds:g} seconds") from error
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise HelperError(f"cannot be reached ({type(error).__name__})") from error

    def _params(self) -> dict[str, str]:
        found = {str(key): str(value) for key, value in self.address.params.items()}
        if self.address.token:
            found[self.address.token_name] = self.address.token
        return found

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            login = self.address.basic_auth
            tls = ssl.create_default_context(cafile=self.address.cafile)
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self.seconds),
                headers={str(key): str(value) for key, value in self.address.headers.items()},
                auth=aiohttp.BasicAuth(login.get("username", ""), login.get("password", ""))
                if login
                else None,
                connector=aiohttp.TCPConnector(ssl=tls) if self.address.cafile else None,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read a body.

    Raises:
        HelperError: It is longer than is allowed.
    """
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(65536):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise HelperError(f"answered with more than {MOST_BYTES} bytes")
    return b"".join(parts)
