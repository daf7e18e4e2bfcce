"""Read whole conversations from a store, for those who look at them afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .dialogue.events import Event
from .errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConversation:
    """One conversation as it was stored: its id and all its events, oldest first."""

    id: str
    events: tuple[Event, ...]


def read_conversations(
    store: str | Path,
    *,
    ids: Sequence[str] = (),
    choose: Callable[[list[str]], list[str]] | None = None,
    tick: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[StoredConversation]:
    """Read conversations, in the order of their ids.

    Args:
        store: An SQLAlchemy address or the path of an SQLite file.
        ids: Only these; all where none are named.
        choose: Picks some of the ids that there are.
        tick: Told how many are read.

    Raises:
        DataError: There is no such store, or it has no conversation of a name in ``ids``.
    """
    if "://" not in str(store) and not Path(store).is_file():
        raise DataError(f"{store}: no such store of conversations. Name it: --store FILE")
    return asyncio.run(_read(store, ids, choose, tick))


async def _read(
    address: str | Path,
    ids: Sequence[str],
    choose: Callable[[list[str]], list[str]] | None,
    tick: Callable[[int, int], None],
) -> list[StoredConversation]:
    from .conversations.store import ConversationStore

    store = ConversationStore(address)
    await store.open()
    try:
        known = await store.conversations()
        missing = sorted(set(ids) - set(known))
        if missing:
            raise DataError(f"{address}: holds no conversation {missing[0]!r}.")
        wanted = [each for each in known if each in ids] if ids else known
        wanted = choose(wanted) if choose else wanted
        found = []
        for i, each in enumerate(wanted):
            log = await store.read(each)
            found.append(StoredConversation(id=each, events=tuple(log.events)))
            tick(i + 1, len(wanted))
        return found
    finally:
        await store.close()
