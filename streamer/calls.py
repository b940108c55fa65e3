"""The calls that are going on, by their id: who owns each, and when it dies."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from streamer.call import Call, CallPorts, CallSettings
from streamer.errors import OverloadError, RefusedError
from streamer.events import CallId, CallStarted, Seconds
from streamer.leg import Leg
from streamer.session import SessionSettings
from streamer.tally import Tally

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Joined:
    """A connection's place in its call."""

    call: Call
    number: int


@dataclass(frozen=True, slots=True)
class Census:
    """`carrying` connections carry `calls` calls, or have; `absent` of these have none and
    wait, within their grace time, for their gateway to come back."""

    calls: int
    carrying: int
    absent: int


class Calls:
    """Every call runs in `tasks`, one task each, and is forgotten when it is over. At most
    `limit` are open at once; 0 once the server drains."""

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        ports: CallPorts,
        settings: CallSettings,
        tally: Tally,
        most: Callable[[str], int] = lambda _: 0,
    ) -> None:
        """`most`: how many calls the key of that name may have at once, 0 for no limit."""
        self._most = most
        self.limit = settings.max_calls
        self.tally = tally
        self._group, self._ports, self._settings = tasks, ports, settings
        self._goodbye = 1000, "call over"
        self._calls: dict[CallId, Call] = {}
        self._turns: WeakValueDictionary[CallId, asyncio.Lock] = WeakValueDictionary()
        self._tasks: dict[CallId, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, call: object) -> bool:
        return call in self._calls

    def census(self, owner: str | None = None) -> Census:
        """Of all calls, or of those of one key."""
        its = [c for c in self._calls.values() if owner is None or c.owner == owner]
        carrying = sum(call.connections for call in its)
        return Census(len(its), carrying, sum(call.attached == 0 for call in its))

    def swap(self, name: CallId, by: str) -> bool:
        """See `Call.swap`. Raises `LookupError` if no such call goes on here."""
        call = self._calls[name]
        if call.closed:
            raise LookupError(name)
        return call.swap(by)

    def renew(self, session: SessionSettings) -> None:
        """Calls that begin from now on are listened to like this."""
        self._settings = replace(self._settings, session=session)

    async def enter(self, start: CallStarted, owner: str, leg: Leg) -> Joined:
        """Joins the call that `start` names, goes on with what another server kept of it, or
        opens it if there is room.

        Raises `RefusedError` if another key owns the call id or another server hears it,
        `OverloadError` if there is no room, `ProtocolError` if the connection does not fit."""
        name = start.info.call
        async with self._turns.setdefault(name, asyncio.Lock()):
            call = await self._here(name)
            if call is not None and call.owner != owner:
                raise RefusedError("this call_id is in use by another key")
            if call is not None:
                return Joined(call, call.join(leg, start))
            call = await self._begun(start, owner)
            number = call.join(leg, start)
            self._open(call)
            return Joined(call, number)

    async def _here(self, name: CallId) -> Call | None:
        """The call as it goes on here, unless it has moved to another server."""
        while (call := self._calls.get(name)) is not None:
            if (
                not call.closed
                and not call.attached
                and not await self._ports.memory.holds(name)
            ):
                call.move()
            if not call.closed:
                return call
            # The same id again, right after its end: what was said before is told first.
            await asyncio.wait([self._tasks[name]])
        return None

    async def _begun(self, start: CallStarted, owner: str) -> Call:
        self._require_room(owner)
        recalled = await self._ports.memory.claim(start.info.call, owner)
        self._require_room(owner)
        call = Call(start.info, self._ports, self._settings, self.tally, owner)
        if recalled is not None:
            call.resume(start.info, recalled)
        return call

    def _require_room(self, owner: str) -> None:
        if len(self._calls) >= self.limit:
            raise OverloadError("too many calls, try again in 5 s")
        most = self._most(owner)
        if most and self.census(owner).calls >= most:
            raise OverloadError(f"this key may have {most} calls at once, and has them")

    async def follow(self) -> None:
        """Lets go of calls that other servers take. Until cancelled."""
        async for name in self._ports.memory.taken():
            if (call := self._calls.get(name)) is not None:
                log.warning("another server has taken a call", extra={"call": name})
                call.move()

    async def close(self, reason: str, within: Seconds) -> None:
        """Ends every call. What is not heard and told within `within` seconds is cut off."""
        self.limit, self._goodbye = 0, (1001, reason)
        flush_by = asyncio.get_running_loop().time() + within
        for call in self._calls.values():
            call.close(reason, flush_by)
        if tasks := list(self._tasks.values()):
            # The model stops at `flush_by`; the sink has a second more to be told so.
            _, late = await asyncio.wait(tasks, timeout=within + 1.0)
            for task in late:
                log.error("%s was cut off: its sink is too slow", task.get_name())
                task.cancel()

    def _open(self, call: Call) -> None:
        name = call.info.call
        self._calls[name] = call
        self.tally.calls = len(self._calls)
        self._tasks[name] = self._group.create_task(self._live(call), name=f"call {name}")

    async def _live(self, call: Call) -> None:
        name = call.info.call
        log.info("call opened", extra={"call": name, "gateway": call.owner})
        goodbye = 1011, "internal error"
        try:
            await call.run()
            goodbye = self._goodbye
        except Exception:
            log.exception("a call broke down", extra={"call": name})
        finally:
            del self._calls[name], self._tasks[name]
            self._ports.memory.forget(name)
            self.tally.calls = len(self._calls)
            call.hang_up(*goodbye)
            log.info("call over", extra={"call": name})
