"""One gateway's connection: what its codec makes of each message goes to its call."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from websockets.exceptions import ConnectionClosed

from streamer import events as ev
from streamer.calls import Calls, Joined
from streamer.errors import OverloadError, ProtocolError, RefusedError
from streamer.leg import Leg
from streamer.ports import GatewayCodec, Greeting, Socket
from streamer.watchdog import Watchdog

log = logging.getLogger(__name__)

CODES: dict[type[Exception], int] = {
    ProtocolError: 1002,
    RefusedError: 1008,
    OverloadError: 1013,
}


ORDERLY = (1000, 1001, 1005)
"""1005: a close frame without a code."""

TURN = 25
"""Events after which others get their turn: recv() does not yield while frames are there, and
one large frame may hold half a minute of audio."""

Run: TypeAlias = list[ev.AudioChunk]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection may say nothing. A gateway may well send nothing during hold."""

    first: ev.Seconds = 10.0
    idle: ev.Seconds = 60.0
    hold: ev.Seconds = 1800.0


class GatewayConnection:
    """Reads one connection until it closes. Breaking its protocol ends this connection only:
    its call waits for the grace time and no other call notices. `owner` is the name of the key
    that it showed."""

    def __init__(
        self, connection: Socket, codec: GatewayCodec, leg: Leg, owner: str, patience: Patience
    ) -> None:
        self._connection, self._codec, self._leg = connection, codec, leg
        self._owner, self._patience = owner, patience
        self._joined: Joined | None = None
        self._byte_rate, self._ends_by_closing = 0, False
        self._taken = 0  # events since others had their turn
        self._answer_within: ev.Seconds | None = None
        self._answering = asyncio.timeout(None)  # ends when it is time for our last word

    async def listen(self, calls: Calls) -> tuple[int, str]:
        """Returns the code and the reason to close with, once the gateway has been told all
        that it is to hear of what was said on this connection."""
        try:
            await self._read(calls)
            if self._joined:
                await self._settle(self._joined)
            return 1000, "its call goes on"
        except (ProtocolError, RefusedError, OverloadError) as error:
            # The text may quote the message: it is for the gateway, not for the log.
            kind = type(error).__name__
            log.warning("a connection was refused: %s", kind, extra={"call": self._call})
            calls.tally.rejected[kind] += 1
            return CODES[type(error)], str(error)
        except TimeoutError as error:
            calls.tally.rejected["silent"] += 1
            return (1000 if self._joined else 1008), str(error)
        except ConnectionClosed as closed:
            if self._ends_by_closing and in_order(closed):
                self._end()
            return 1000, ""
        finally:
            if self._joined:
                self._joined.call.leave(self._joined.number)

    async def outlast(self) -> None:
        """After `Leg.hang_up`: answers a gateway that is to close the connection, until it has,
        or until the leg's patience ends. What else it says is not for its call."""
        with contextlib.suppress(ConnectionClosed, ProtocolError):
            while self._leg.waits:
                for event in self._codec.receive(await self._connection.recv()):
                    if isinstance(event, ev.Send):
                        self._leg.send(event.message)
                await asyncio.sleep(0)
        self._leg.finish()

    @property
    def _call(self) -> str:
        return self._joined.call.info.call if self._joined else ""

    async def _read(self, calls: Calls) -> None:
        """Returns when this connection carries nothing more, though its call goes on."""
        its = self._patience
        try:
            dog = Watchdog(self._limit, min(its.first, its.idle))
            async with self._answering, dog as watchdog:
                await self._read_on(calls, watchdog)
        except TimeoutError:
            if self._answering.expired():
                return
            what = "idle: no" if self._joined else "no first"
            raise TimeoutError(f"{what} frame for {self._limit():g} s") from None

    async def _read_on(self, calls: Calls, watchdog: Watchdog) -> None:
        while True:
            watchdog.wait()
            message = await self._connection.recv()
            self._leg.heard_clock = watchdog.heard()
            for said in runs(self._codec.receive(message)):
                if isinstance(said, ev.LegEnded) and not self._ends(said):
                    return
                await self._on(said, calls)
                self._taken += len(said) if isinstance(said, list) else 1
                if self._taken >= TURN:
                    self._taken = 0
                    await asyncio.sleep(0)

    async def _settle(self, joined: Joined) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._answering.when()):
                await joined.call.settle(joined.number)

    def _limit(self) -> ev.Seconds:
        """For how long nothing may come. Hold may be said by the other connection."""
        if self._joined is None:
            return self._patience.first
        return self._patience.hold if self._joined.call.held else self._patience.idle

    async def _on(self, said: Run | ev.GatewayEvent, calls: Calls) -> None:
        match said:
            case ev.Send(message):
                if self._leg.send(message) is not None and not self._leg.hung_up:
                    raise RefusedError("the gateway does not read the replies it asks for")
            case ev.CallStarted() as start:
                await self._enter(start, calls)
            case ev.Complaint(text):
                log.warning("its gateway complains: %s", text, extra={"call": self._call})
            case _ if self._joined is None:
                raise ProtocolError("the first frame has to start a call")
            case ev.LegEnded():
                pass
            case list() as run:
                size = sum([len(chunk.pcm) for chunk in run])
                calls.tally.audio_seconds += size / self._byte_rate
                self._joined.call.receive(self._joined.number, run)
            case _:
                self._joined.call.receive(self._joined.number, [said])

    async def _enter(self, start: ev.CallStarted, calls: Calls) -> None:
        if self._joined is not None:
            raise ProtocolError("a second start on one connection")
        self._joined = await calls.enter(start, self._owner, self._leg)
        self._byte_rate = start.sample_rate * ev.SAMPLE_BYTES
        self._ends_by_closing = start.ends_by_closing
        self._answer_within = start.answer_within
        if isinstance(self._codec, Greeting):
            for message in self._codec.entered():
                self._leg.send(message)

    def _ends(self, said: ev.LegEnded) -> bool:
        """Whether the call is over with it."""
        if self._answer_within is not None:
            now = asyncio.get_running_loop().time()
            self._answering.reschedule(now + self._answer_within)
        return not said.goes_on and self._end()

    def _end(self) -> bool:
        """Ends the call if this is its last connection, and says whether it was."""
        if self._joined is None or self._joined.call.attached > 1:
            return False
        self._joined.call.receive(self._joined.number, [ev.CallEnded()])
        return True


def runs(said: Sequence[ev.GatewayEvent]) -> Iterator[Run | ev.GatewayEvent]:
    """The audio that comes in a row together, at most `TURN` chunks of it."""
    run: Run = []
    for each in said:
        if isinstance(each, ev.AudioChunk):
            run.append(each)
            if len(run) < TURN:
                continue
        if run:
            yield run
            run = []
        if not isinstance(each, ev.AudioChunk):
            yield each
    if run:
        yield run


def in_order(closed: ConnectionClosed) -> bool:
    """The gateway has closed the connection, and nothing has broken."""
    return closed.rcvd is not None and closed.rcvd.code in ORDERLY
