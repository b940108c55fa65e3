"""What every port of ours does with a connection that it has let in."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from streamer.calls import Calls
from streamer.connection import GatewayConnection, Patience
from streamer.events import Seconds
from streamer.leg import Leg
from streamer.ports import GatewayCodec, Socket
from streamer.tally import Tally


@dataclass(frozen=True, slots=True)
class Reception:
    """`room(call_id)` says why there is none for a connection (of that call, if it is known),
    or "" if there is. `legs` are the connections that are being served, `owners` how many of
    them there are by the name of their key."""

    calls: Calls
    tally: Tally
    room: Callable[[str], str]
    patience: Patience
    outbox: int  # messages that wait for one gateway to read
    close_within: Seconds
    legs: set[Leg] = field(default_factory=set)
    owners: Counter[str] = field(default_factory=Counter)

    async def serve(self, socket: Socket, codec: GatewayCodec, owner: str) -> None:
        """Hears the connection to its end and closes it. `owner` is whose key let it in."""
        leg = Leg(socket, codec, self.outbox, self.close_within)
        self.legs.add(leg)
        self.tally.connections_total += 1
        self.tally.connections += 1
        self.owners[owner] += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(leg.write(), name="outbox")
                gateway = GatewayConnection(socket, codec, leg, owner, self.patience)
                goodbye = await gateway.listen(self.calls)
                leg.hang_up(*goodbye)
                await gateway.outlast()
        finally:
            self.legs.discard(leg)
            self.tally.connections -= 1
            self.owners[owner] -= 1
            if not self.owners[owner]:
                del self.owners[owner]
