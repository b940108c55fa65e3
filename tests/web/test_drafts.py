"""What is being said this moment, for those who look at the call."""

import asyncio
import contextlib
import json

import pytest
from websockets.exceptions import ConnectionClosed

from alerts.wire import CallEnded, Unheard
from streamer.events import Party
from tests.web.scenes import WALL, open_house, said, so_far, started
from web_dashboard import drafts
from web_dashboard.feed import Board

PATH = "/api/v1/calls/c1/drafts"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(drafts, "_LOOK", 0.01)
    monkeypatch.setattr(drafts, "_AWAY", 0.01)


async def received(socket):
    async with asyncio.timeout(10):
        return json.loads(await socket.recv())


async def closed_with(socket):
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


async def test_the_newest_draft_is_told_and_none_twice(house):
    house.log.publish(started())
    await house.folded()
    house.live.say(so_far("这衣服"))
    async with await house.feed(PATH, "boss") as socket:
        first = await received(socket)
        assert (first["type"], first["utterance"], first["text"]) == ("draft", 2, "这衣服")
        await house.live.looked(3)
        house.live.say(so_far("这衣服尺码", end=4.0))
        assert (await received(socket))["text"] == "这衣服尺码"


async def test_the_agents_emotion_is_not_in_a_draft_either(house):
    house.log.publish(started())
    await house.folded()
    house.live.say(so_far("好的", Party.AGENT))
    async with await house.feed(PATH, "lin") as socket:
        told = await received(socket)
    assert (told["emotion"], told["emotion_p"], told["raw"]) == ("EMO_UNKNOWN", {}, "")


def test_a_draft_of_a_sentence_that_is_known_is_none():
    board = Board()
    board.apply("1-0", started())
    assert board.provisional(so_far(call="never")) is None
    assert board.provisional(so_far(utterance=2)) == so_far(utterance=2)
    board.apply("2-0", said(utterance=2))
    assert board.provisional(so_far(utterance=2)) is None
    agent = so_far(party=Party.AGENT, utterance=2, emotion="EMO_UNKNOWN", emotion_p={}, raw="")
    assert (
        board.provisional(agent) == agent
    )  # they speak at once: those of a party are in order
    unheard = Unheard("c1", 3, Party.CUSTOMER, 4.0, 5.0, "shed", 5.0, wall=WALL)
    board.apply("3-0", unheard)
    assert board.provisional(so_far(utterance=3)) is None
    assert board.provisional(so_far(utterance=4)) == so_far(utterance=4)
    board.apply("4-0", CallEnded("c1", 9.0, "ended"))
    assert board.provisional(so_far(utterance=4)) is None


async def test_a_redis_that_is_away_is_asked_again(house):
    house.log.publish(started())
    await house.folded()
    house.live.away = True
    house.live.say(so_far())
    async with await house.feed(PATH, "boss") as socket:
        await house.live.looked(3)
        house.live.away = False
        assert (await received(socket))["type"] == "draft"


async def test_it_ends_with_the_call_and_with_the_session(house):
    house.log.publish(started())
    await house.folded()
    async with await house.feed(PATH, "boss") as socket:
        house.log.publish(CallEnded("c1", 9.0, "ended"))
        assert await closed_with(socket) == drafts.OVER
    house.log.publish(started("c2"))
    await house.folded()
    async with await house.feed("/api/v1/calls/c2/drafts", "boss") as socket:
        house.now += 13 * 3600.0
        assert await closed_with(socket) == 4401


async def test_nobody_looks_nothing_is_asked_and_who_looks_is_on_record(tmp_path):
    async with open_house(tmp_path) as house:
        house.log.publish(started())
        await house.folded()
        assert house.live.asked == 0
        house.live.say(so_far())
        async with await house.feed(PATH, "boss") as socket:
            await received(socket)
    lines = map(json.loads, (tmp_path / "audit.log").read_text().splitlines())
    looks = [(e["who"], e["what"]) for e in lines if e["act"] == "drafts_open"]
    assert looks == [("boss", "c1")]
