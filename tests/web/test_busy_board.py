"""A board on which something is said all the time: who is out is out, the status stays true."""

import asyncio
import itertools
import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.scenes import said, started


async def frames(house, socket):
    """What the viewer is sent; each frame is answered by the next sentence, without a pause."""
    for number in itertools.count(1):
        house.log.publish(said(utterance=number, start=number, end=number + 0.5))
        yield json.loads(await socket.recv())


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr("web_dashboard.telling.STATUS_EVERY", 0.2)
    monkeypatch.setattr("web_dashboard.telling._GATHER", 0.01)


async def test_a_disabled_account_loses_its_feed_though_calls_go_on(house):
    house.log.publish(started())
    async with await house.feed("/api/v1/feed", "boss") as socket, asyncio.timeout(20):
        await socket.recv()
        house.parts.accounts.disable("boss")
        with pytest.raises(ConnectionClosed):
            async for _ in frames(house, socket):
                pass
        assert socket.close_code == 4401


async def test_the_status_comes_though_calls_go_on(house):
    house.log.publish(started())
    kinds = []
    async with await house.feed("/api/v1/feed", "boss") as socket, asyncio.timeout(20):
        async for frame in frames(house, socket):
            kinds.append(frame["type"])
            if kinds.count("status") == 2:
                break
    assert kinds.count("events") > 5
