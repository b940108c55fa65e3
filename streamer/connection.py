"""One gateway's connection: what its codec makes of each message goes to its call."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed

from streamer import events as ev
from streamer.calls import Calls, Joined
from streamer.errors import OverloadError, ProtocolError, RefusedError
from streamer.leg import Leg
from streamer.pcm import seconds_of
from streamer.ports import GatewayCodec, Socket

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

    def __init__(self, connection: Socket, codec: GatewayCodec, leg: Leg, owner: str) -> None:
        self._connection, self._codec, self._leg = connection, codec, leg
        self._owner = owner
        self._clock = asyncio.get_running_loop().time
        self._joined: Joined | None = None
        self._rate, self._ends_by_closing = 0, False

    async def listen(self, calls: Calls, patience: Patience) -> tuple[int, str]:
        """Returns the code and the reason to close with, once the gateway has been told all
        that it is to hear of what was said on this connection."""
        try:
            await self._read(calls, patience)
            if self._joined:
                await self._joined.call.settle(self._joined.number)
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

    async def _read(self, calls: Calls, patience: Patience) -> None:
        """Returns when this connection carries nothing more, though its call goes on."""
        heard = 0
        while True:
            for event in self._codec.receive(await self._recv(patience)):
                if isinstance(event, ev.LegEnded) and not self._end():
                    return
                await self._on(event, calls)
                heard += 1
                if heard % TURN == 0:
                    await asyncio.sleep(0)

    async def _recv(self, patience: Patience) -> str | bytes:
        since = self._clock()
        while True:
            limit = self._limit(patience)
            try:
                async with asyncio.timeout_at(since + limit):
                    message = await self._connection.recv()
                self._leg.heard_clock = self._clock()
                return message
            except TimeoutError:
                # Hold may have begun meanwhile, said by the call's other connection.
                if self._limit(patience) <= limit:
                    what = "idle: no" if self._joined else "no first"
                    raise TimeoutError(f"{what} frame for {limit:g} s") from None

    def _limit(self, patience: Patience) -> ev.Seconds:
        if self._joined is None:
            return patience.first
        return patience.hold if self._joined.call.held else patience.idle

    async def _on(self, event: ev.GatewayEvent, calls: Calls) -> None:
        if isinstance(event, ev.Send):
            if self._leg.send(event.message) is not None and not self._leg.hung_up:
                raise RefusedError("the gateway does not read the replies it asks for")
        elif isinstance(event, ev.CallStarted):
            if self._joined is not None:
                raise ProtocolError("a second start on one connection")
            self._joined = await calls.enter(event, self._owner, self._leg)
            self._rate, self._ends_by_closing = event.sample_rate, event.ends_by_closing
        elif self._joined is None:
            raise ProtocolError("the first frame has to start a call")
        elif not isinstance(event, ev.LegEnded):
            if isinstance(event, ev.AudioChunk):
                calls.tally.audio_seconds += seconds_of(event.pcm, self._rate)
            self._joined.call.receive(self._joined.number, event)

    def _end(self) -> bool:
        """Ends the call if this is its last connection, and says whether it was."""
        if self._joined is None or self._joined.call.attached > 1:
            return False
        self._joined.call.receive(self._joined.number, ev.CallEnded())
        return True


def in_order(closed: ConnectionClosed) -> bool:
    """The gateway has closed the connection, and nothing has broken."""
    return closed.rcvd is not None and closed.rcvd.code in ORDERLY
