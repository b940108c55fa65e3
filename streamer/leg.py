"""One connection as its call knows it: whom it carries, when it was last heard, and what it is
sent - through a bounded outbox with its own writer, so that a gateway which does not read never
holds up its call."""

import asyncio

from websockets.exceptions import ConnectionClosed

from streamer.bounded import ShedQueue
from streamer.events import Party, Seconds
from streamer.ports import GatewayCodec, Socket

LONGEST_REASON = 123  # bytes, RFC 6455 5.5


class Leg:
    """One connection of a call. `write` is its writer and the only one that closes it."""

    def __init__(
        self,
        connection: Socket,
        codec: GatewayCodec,
        outbox: int,
        patience: Seconds,
    ) -> None:
        """At most `outbox` messages wait; a gateway that does not read, or is to close and does
        not, is given `patience` seconds before it is hung up on."""
        self.waits = False  # for the gateway to close, after `hang_up`
        self.closed = asyncio.Event()
        self.parties: frozenset[Party] = frozenset()
        self.session = ""  # the gateway's name for it, if it has one
        self.heard_clock: Seconds = 0.0  # when its newest frame came in
        self._connection, self._codec, self._patience = connection, codec, patience
        self._outbox: ShedQueue[str | bytes] = ShedQueue(outbox)
        self._clock = asyncio.get_running_loop().time
        self._goodbye: tuple[int, str] | None = None
        self._flush: asyncio.Timeout | None = None

    def tell(self, message: str) -> bool:
        """What is published of the call, as far as its codec passes it on and in its form.
        False if something was shed for it."""
        return all([self.send(each) is None for each in self._codec.relay(message)])

    def send(self, message: str | bytes) -> str | bytes | None:
        """Returns what was shed: the oldest message when the outbox is full, `message` itself
        when there is nobody left to read it."""
        return self._outbox.push(message)

    @property
    def hung_up(self) -> bool:
        return self._goodbye is not None

    def hang_up(self, code: int, reason: str) -> None:
        """Sends what waits and the codec's last words, then closes, or lets the gateway close.
        The first reason given counts."""
        if self._goodbye is not None:
            return
        self._goodbye = code, clip(reason)
        farewell = self._codec.farewell(*self._goodbye)
        for message in farewell.messages:
            self._outbox.push(message)
        self.waits = farewell.wait
        if not self.waits:
            self.finish()
        if self._flush is not None:
            self._flush.reschedule(self._clock() + self._patience)

    def finish(self) -> None:
        """Nothing more is to be sent: closes once all is."""
        self._outbox.finish()

    async def write(self) -> None:
        """Returns when the connection is closed."""
        until = None if self._goodbye is None else self._clock() + self._patience
        try:
            async with asyncio.timeout_at(until) as self._flush:
                while (message := await self._outbox.next()) is not None:
                    await self._connection.send(message)
        except (ConnectionClosed, TimeoutError):
            pass  # gone, or does not read: there is nobody left to tell
        self._flush = None
        await self._connection.close(*(self._goodbye or (1000, "")))
        self.closed.set()


def clip(reason: str) -> str:
    """As much of `reason` as fits into a close frame."""
    return reason.encode()[:LONGEST_REASON].decode(errors="ignore")
