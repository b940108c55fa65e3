"""Keeps one call's state where another server finds it, should its gateway come back there."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Literal

import msgspec

from streamer.events import CallId, CallInfo, CallResumed, Seconds, SessionEvent
from streamer.ports import CallMemory, Recalled
from streamer.session import CallSession
from streamer.session_state import SessionState

log = logging.getLogger(__name__)

EVERY: Seconds = 1.0
"""A crash costs what happened since the newest state: at most so long."""


class KeptCall(msgspec.Struct, frozen=True):
    """`sink` is the sink's own affair. Another `v` is another version's, and left alone."""

    session: SessionState
    sink: bytes
    v: Literal[1] = 1


class Keeper:
    """`look` whenever something has happened: it decides whether that is worth keeping."""

    def __init__(self, memory: CallMemory, owner: str, session: CallSession) -> None:
        self.recall: Callable[[], bytes] = bytes
        self._memory, self._owner, self._session = memory, owner, session
        self._kept: Seconds = float("-inf")
        self._idle = False

    def look(self, now: Seconds, *, idle: bool) -> None:
        """`idle`: there is no connection, and nothing on its way to the sink."""
        unchanged = idle is self._idle
        if unchanged and (idle or now - self._kept < EVERY):
            return
        state = self._session.state(now)
        if state is not None:
            self._kept, self._idle = now, idle
            call = self._session.info.call
            kept = msgspec.msgpack.encode(KeptCall(state, self.recall()))
            self._memory.keep(call, self._owner, kept, idle=idle)

    async def holds(self) -> bool:
        """Whether the call is still this server's."""
        return await self._memory.holds(self._session.info.call)

    def resume(self, info: CallInfo, it: Recalled, now: Seconds) -> list[SessionEvent]:
        """The session goes on from there; nothing where it cannot be read."""
        try:
            kept = msgspec.msgpack.decode(it.state, type=KeptCall)
        except msgspec.MsgspecError:
            log.warning("a call's state is no state of ours", extra={"call": info.call})
            return []
        opened, heard = kept.session.opened_ago + it.age, kept.session.heard_ago + it.age
        state = replace(kept.session, opened_ago=opened, heard_ago=heard)
        first, *said = self._session.resume(info, state, now)
        if isinstance(first, CallResumed):
            first = replace(first, memory=kept.sink)
        return [first, *said]


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
