"""A board on which something is said all the time: who is out is out, the status stays true."""

import asyncio
import contextlib
import json

import pytest

from tests.web.scenes import said, started
from tests.web.test_feed import closed_with


async def speak(house):
    for number in range(100_000):
        house.log.publish(said(utterance=number, start=number, end=number + 0.5))
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def talking(house):
    async with asyncio.TaskGroup() as tasks:
        speech = tasks.create_task(speak(house))
        yield
        speech.cancel()


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr("web_dashboard.sockets.STATUS_EVERY", 0.2)
    monkeypatch.setattr("web_dashboard.sockets._GATHER", 0.01)


async def test_a_disabled_account_loses_its_feed_though_calls_go_on(house):
    house.log.publish(started())
    async with await house.feed("/api/v1/feed", "boss") as socket, talking(house):
        await socket.recv()
        house.parts.accounts.disable("boss")
        assert await closed_with(socket) == 4401


async def test_the_status_comes_though_calls_go_on(house):
    house.log.publish(started())
    async with await house.feed("/api/v1/feed", "boss") as socket, talking(house):
        kinds = []
        async with asyncio.timeout(5):
            while kinds.count("status") < 2:
                kinds.append(json.loads(await socket.recv())["type"])
    assert kinds.count("events") > 5
