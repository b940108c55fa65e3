"""Reading `ew:log` back: the record of everything published, for boards and for replays."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from alerts import metrics, wire

log = logging.getLogger(__name__)

Ask: TypeAlias = Callable[..., Awaitable[Any]]
"""Sends one Redis command and returns its answer. Raises `RedisAwayError`."""
Raw: TypeAlias = tuple[bytes, Mapping[bytes, bytes]]
Entry: TypeAlias = tuple[str, wire.Message]

_PAGE = 2000
_MOST_SCANNED = 500_000


class Log:
    """Every method raises what `ask` raises. An entry that is no message of ours (a newer
    version's, a stranger's) is skipped and counted; the first one is logged."""

    def __init__(self, ask: Ask, key: str) -> None:
        self._ask, self._key = ask, key
        self.undecodable = 0

    async def read(self, after: str, block_ms: int) -> list[Entry]:
        """The entries after the id `after` ("0" for all there are), oldest first; where there
        are none it waits `block_ms` at most."""
        block = ("BLOCK", block_ms) if block_ms > 0 else ()
        streams = await self._ask("XREAD", "COUNT", _PAGE, *block, "STREAMS", self._key, after)
        found = [entry for _, entries in streams or () for entry in self._decoded(entries)]
        if streams and not found:  # all of it was undecodable: go on behind it
            return await self.read(_id(streams[0][1][-1]), block_ms)
        return found

    async def recent(self, most: int = 20_000) -> list[Entry]:
        """The newest entries, oldest first."""
        return (await self._backwards(most, None))[::-1]

    async def history(self, call_id: str, most: int = 2000) -> list[wire.Message]:
        """What was published of one call, oldest first, the newest `most` of it."""
        mine = b'"call_id":' + msgspec.json.encode(call_id)
        entries = await self._backwards(_MOST_SCANNED, mine)
        said = [message for _, message in entries if message.call_id == call_id]
        return said[:most][::-1]

    async def last_id(self) -> str:
        newest = await self._ask("XREVRANGE", self._key, "+", "-", "COUNT", 1)
        return _id(newest[0]) if newest else "0-0"

    async def _backwards(self, most: int, mine: bytes | None) -> list[Entry]:
        """Newest first. With `mine`, only what holds it, back to the start of that call."""
        found: list[Entry] = []
        end, left = "+", most
        while left > 0:
            page = await self._ask("XREVRANGE", self._key, end, "-", "COUNT", min(_PAGE, left))
            entries = self._decoded(e for e in page if mine is None or mine in _body(e))
            found += entries
            began = mine and any(isinstance(m, wire.CallStarted) for _, m in entries)
            if began or len(page) < _PAGE:
                break
            end, left = f"({_id(page[-1])}", left - len(page)
        return found

    def _decoded(self, entries: Iterable[Raw]) -> list[Entry]:
        found: list[Entry] = []
        for entry in entries:
            try:
                found.append((_id(entry), wire.decode(_body(entry))))
            except msgspec.MsgspecError:
                self._skip(_id(entry))
        return found

    def _skip(self, entry_id: str) -> None:
        self.undecodable += 1
        metrics.log_undecodable.inc()
        if self.undecodable == 1:
            log.warning("the log holds entries that are no messages", extra={"id": entry_id})


def _id(entry: Raw) -> str:
    return entry[0].decode()


def _body(entry: Raw) -> bytes:
    return entry[1].get(b"json", b"")
