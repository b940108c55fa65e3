"""Reading `ew:log` as one of a group: each entry reaches one reader, and waits until that
reader says that it is done with it. Nothing is passed over, whatever dies in between."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from alerts import metrics, wire
from alerts.log import Ask, Entry, Raw
from alerts.redis_link import RedisAwayError

log = logging.getLogger(__name__)

PAGE: Final = 1000
LOST: Final = 60_000
"""Milliseconds after which what a reader has not done goes to another one: it is taken to be
gone. Done twice, it does no harm."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One of a group. `name` is the same after a restart; `lost_ms` how long another one may
    take for what it has got, `page` how many entries this one gets at once."""

    name: str
    lost_ms: int = LOST
    page: int = PAGE


class LogGroup:
    """Every method raises what `ask` raises."""

    def __init__(self, ask: Ask, key: str, group: str, reader: Reader) -> None:
        self._ask, self._key, self._group, self._reader = ask, key, group, reader
        self._mine_first = True

    async def read(self, block_ms: int) -> tuple[list[Entry], Sequence[str]]:
        """Entries, oldest first, and the ids to say `done` to: there are more of them where
        entries are no messages of ours. What this reader got and never did comes first, then
        what others left behind, then what is new; waits `block_ms` at most."""
        for found in (self._left_by_us, self._left_by_others):
            if entries := await found():
                return self._decoded(entries)
        return self._decoded(await self._new(block_ms))

    async def done(self, ids: Sequence[str]) -> None:
        if ids:
            await self._ask("XACK", self._key, self._group, *ids)

    async def behind(self) -> int | None:
        """Entries that the group has not done yet; None where Redis does not know."""
        for raw in await self._ask("XINFO", "GROUPS", self._key):
            about = dict(zip(raw[::2], raw[1::2], strict=True))
            if about.get(b"name") == self._group.encode():
                lag = about.get(b"lag")
                return None if lag is None else int(lag) + int(about[b"pending"])
        return None

    async def _left_by_us(self) -> list[Raw]:
        if not self._mine_first:
            return []
        entries = await self._of_group(0, "0")
        self._mine_first = bool(entries)
        return entries

    async def _left_by_others(self) -> list[Raw]:
        await self._begin()
        it = self._reader
        found = self._key, self._group, it.name, it.lost_ms
        answer = await self._ask("XAUTOCLAIM", *found, "0", "COUNT", it.page)
        return [entry for entry in answer[1] if entry[1] is not None]  # None: trimmed since

    async def _new(self, block_ms: int) -> list[Raw]:
        return await self._of_group(block_ms, ">")

    async def _of_group(self, block_ms: int, after: str) -> list[Raw]:
        await self._begin()
        block = ("BLOCK", block_ms) if block_ms > 0 else ()
        group = "GROUP", self._group, self._reader.name, "COUNT", self._reader.page
        streams = await self._ask("XREADGROUP", *group, *block, "STREAMS", self._key, after)
        return [e for _, entries in streams or () for e in entries if e[1] is not None]

    async def _begin(self) -> None:
        """The group begins with the oldest entry. A Redis that has forgotten it all is told
        again, so this is asked each time."""
        try:
            await self._ask("XGROUP", "CREATE", self._key, self._group, "0", "MKSTREAM")
        except RedisAwayError as fault:
            if "BUSYGROUP" not in str(fault):  # there already
                raise
        else:
            self._mine_first = True

    def _decoded(self, entries: Iterable[Raw]) -> tuple[list[Entry], list[str]]:
        found: list[Entry] = []
        ids: list[str] = []
        for raw in entries:
            ids.append(raw[0].decode())
            try:
                found.append((ids[-1], wire.decode(_body(raw))))
            except msgspec.MsgspecError:
                metrics.log_undecodable.inc()
                log.warning("the log holds an entry that is no message", extra={"id": ids[-1]})
        return found, ids


def _body(entry: Raw) -> bytes:
    body: Any = entry[1]
    if isinstance(body, list):  # XAUTOCLAIM gives pairs as they are
        body = dict(zip(body[::2], body[1::2], strict=True))
    return bytes(body.get(b"json", b""))
