"""A server that does not come round to hearing: what it takes in meanwhile is bounded, its
gateway is held back, and nothing is missing afterwards."""

import asyncio
import socket

import pytest

from streamer.intake import AHEAD
from streamer.keeper import Forgetful
from tests.streamer.shell import END, goodbye, house, settings, start

LARGEST = 256 * 1024  # bytes of a frame
OURS = 128 * 1024  # bytes that the system keeps for the gateway
MOST = 4 * AHEAD + 2 * LARGEST + 4 * OURS
"""Linux takes twice what it is told, on either side. In our process lie one read and the frame
that it ends in."""


class Slow(Forgetful):
    """A memory that answers once it is `open`: until then no call is entered."""

    def __init__(self):
        self.open, self.asked = asyncio.Event(), asyncio.Event()

    async def claim(self, call, owner):
        self.asked.set()
        await self.open.wait()
        return await super().claim(call, owner)


async def held_back(gateway, frame, most):
    """Sends until it is not taken any more; how many frames were."""
    sent = 0
    try:
        while sent * len(frame) < most:
            async with asyncio.timeout(0.5):
                await gateway.send(frame)
            sent += 1
    except TimeoutError:
        sent += 1  # it lies with the gateway and will be sent
    return sent


def narrow():
    """A gateway's socket that keeps little."""
    ours = socket.socket()
    ours.setblocking(False)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, OURS)
    return ours


@pytest.mark.parametrize("size", [320, 4000, LARGEST])
async def test_a_server_that_is_held_up_takes_in_no_more_than_the_bound(size):
    memory = Slow()
    async with house(settings(grace=30.0), memory=memory) as it:
        ours = narrow()
        await asyncio.get_running_loop().sock_connect(ours, ("127.0.0.1", it.server.port))
        async with it.connect(sock=ours, write_limit=0) as gateway:
            await gateway.send(start(sample_rate=16000, channels=["customer", "agent"]))
            await memory.asked.wait()
            sent = await held_back(gateway, bytes(size), 4 * MOST)
            memory.open.set()
            await gateway.send(END)
            assert await goodbye(gateway) == (1000, "call over")
        assert it.tally.audio_seconds == pytest.approx(sent * size / 32000)
        assert sent * size <= MOST
