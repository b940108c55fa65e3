"""Keeps one call's state where another server finds it, should its gateway come back there."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Literal

import msgspec

from streamer.events import (
    CallEvent,
    CallId,
    CallInfo,
    CallResumed,
    Seconds,
    SessionEvent,
)
from streamer.ports import CallMemory, Recalled
from streamer.session import CallSession
from streamer.session_state import SessionState
from streamer.unsent import Unsent, sent, unsent

log = logging.getLogger(__name__)

EVERY: Seconds = 1.0
"""While nothing is published a state is kept so often: it says how far the call has come, and
that its server lives."""


class KeptCall(msgspec.Struct, frozen=True):
    """`sink` is the sink's own affair; `unsent` is what it is still to be told, and `clock`
    what the clock said. Another `v` is another version's, and left alone."""

    session: SessionState
    sink: bytes
    unsent: list[Unsent]
    clock: Seconds
    v: Literal[2] = 2


class Keeper:
    """`keep` with whatever is published, so that the record and the state never differ; `look`
    whenever anything else has happened: it decides whether that is worth keeping.

    Nothing is kept before the sink has been told that the call is open: until then there is
    nothing to go on with."""

    def __init__(
        self,
        memory: CallMemory,
        owner: str,
        session: CallSession,
        waiting: Callable[[], list[CallEvent]],
    ) -> None:
        """`waiting` is what the sink is still to be told."""
        self.recall: Callable[[], bytes] | None = None
        self._memory, self._owner, self._session = memory, owner, session
        self._waiting: Callable[[], list[CallEvent]] = waiting
        self._kept: Seconds = float("-inf")
        self._idle = False

    def look(self, now: Seconds, *, idle: bool) -> None:
        """`idle`: there is no connection, and nothing on its way to the sink."""
        unchanged = idle is self._idle
        if not unchanged or not (idle or now - self._kept < EVERY):
            self.keep(now, idle=idle)

    def keep(self, now: Seconds, *, idle: bool) -> None:
        if self.recall is None:
            return
        state = self._session.state(now)
        if state is None:
            return
        self._kept, self._idle = now, idle
        kept = KeptCall(state, self.recall(), unsent(self._waiting()), now)
        packed = msgspec.msgpack.encode(kept)
        self._memory.keep(self._session.info.call, self._owner, packed, idle=idle)

    def stop(self) -> None:
        """There is nothing to go on with any more."""
        self.recall = None

    async def holds(self) -> bool:
        """Whether the call is still this server's."""
        return await self._memory.holds(self._session.info.call)

    def resume(self, info: CallInfo, it: Recalled, now: Seconds) -> list[SessionEvent]:
        """The session goes on from there; nothing where it cannot be read."""
        try:
            kept = msgspec.msgpack.decode(it.state, type=KeptCall)
            waiting = sent(kept.unsent, now - it.age - kept.clock)
        except msgspec.MsgspecError:
            log.warning("a call's state is no state of ours", extra={"call": info.call})
            return []
        opened, heard = kept.session.opened_ago + it.age, kept.session.heard_ago + it.age
        state = replace(kept.session, opened_ago=opened, heard_ago=heard)
        first, *said = self._session.resume(info, state, now)
        if isinstance(first, CallResumed):
            first = replace(first, memory=kept.sink, ago=it.age)
        return [first, *waiting, *said]


class Forgetful:
    """A `CallMemory` of one server alone: every call begins afresh."""

    def keep(self, call: CallId, owner: str, state: bytes, *, idle: bool) -> None:
        pass

    async def claim(self, call: CallId, owner: str) -> Recalled | None:
        return None

    async def holds(self, call: CallId) -> bool:
        return True

    def forget(self, call: CallId) -> None:
        pass

    async def taken(self) -> AsyncIterator[CallId]:
        nobody: tuple[CallId, ...] = ()
        for call in nobody:
            yield call
