"""The feed as an event stream: what a program reads line by line, and comes again for."""

import asyncio
import contextlib
import json

import httpx
import pytest

from tests.web.scenes import alert, open_house, prompt, said, started
from web_dashboard.feed import Folded
from web_dashboard.lately import Lately

AGENT = "/api/v1/agents/8001/feed"


def test_what_was_missed_is_known_for_a_while_only():
    it = Lately(limit=2)
    assert it.since("1-0", "1-0") is None
    for n in (1, 2, 3):
        it.put(Folded(f"{n}-0", started(), None))
    assert [folded.entry for folded in it.since("1-0", "3-0")] == ["2-0", "3-0"]
    assert [folded.entry for folded in it.since("2-0", "3-0")] == ["3-0"]
    assert it.since("3-0", "4-0") == []
    assert it.since("0-5", "3-0") is None  # older than what is kept
    assert it.since("9-0", "3-0") is None  # of a log that has lost it
    assert it.since("nonsense", "3-0") is None
    it.clear()
    assert it.since("3-0", "3-0") is None


@pytest.fixture
async def busy(house):
    house.keys["crm-key"] = "crm"
    for message in (started("c1", "8001"), started("c2", "8002"), prompt(), alert()):
        house.log.publish(message)
    await house.folded()
    return house


@contextlib.asynccontextmanager
async def stream(house, path, **headers):
    """Its events as they come: (id, frame)."""
    headers = {"Authorization": "Bearer crm-key", "Accept": "text/event-stream", **headers}
    async with (
        asyncio.timeout(20),
        httpx.AsyncClient(base_url=house.url, timeout=20) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        yield answer, events(answer)


async def events(answer):
    got = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            got = value
        elif name == "data":
            yield got, json.loads(value)


async def test_a_snapshot_then_what_is_published(busy):
    async with stream(busy, "/api/v1/feed") as (answer, told):
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        got, first = await anext(told)
        assert first["type"] == "snapshot"
        assert got == first["last"] == busy.log.entries[-1][0]
        assert {one["call_id"] for one in first["calls"]} == {"c1", "c2"}
        busy.log.publish(said())
        got, more = await next_of(told, "events")
        assert [event["text"] for event in more["events"]] == ["这衣服尺码根本不对！"]
        assert got == more["last"] == busy.log.entries[-1][0]


async def next_of(told, kind):
    async for got, frame in told:
        if frame["type"] == kind:
            return got, frame


async def test_it_begins_by_saying_when_to_come_again(busy):
    async with stream(busy, AGENT) as (answer, _):
        lines = answer.aiter_lines()
        assert [await anext(lines), await anext(lines)] == ["retry: 2000", ""]


async def test_an_agents_stream_holds_that_agents_calls_only(busy):
    async with stream(busy, AGENT) as (_, told):
        _, first = await anext(told)
        assert [one["call_id"] for one in first["calls"]] == ["c1"]
        assert (first["alerts"], [one["id"] for one in first["prompts"]]) == ([], ["p1"])
        busy.log.publish(said(call="c2"))
        busy.log.publish(said(call="c1", utterance=2))
        _, more = await next_of(told, "events")
        assert [event["call_id"] for event in more["events"]] == ["c1"]


@pytest.mark.parametrize("how", ["header", "address"])
async def test_who_comes_again_is_told_what_was_missed_and_nothing_twice(busy, how):
    async with stream(busy, AGENT) as (_, told):
        got, _ = await anext(told)
    busy.log.publish(said(utterance=1))
    busy.log.publish(said(utterance=7, call="c2"))
    busy.log.publish(prompt("p2"))
    await busy.folded()
    headers = {"Last-Event-ID": got} if how == "header" else {}
    path = AGENT if how == "header" else f"{AGENT}?after={got}"
    async with stream(busy, path, **headers) as (_, told):
        got, frame = await anext(told)
        assert frame["type"] == "events"
        assert [event["type"] for event in frame["events"]] == ["transcript", "prompt"]
        assert got == busy.log.entries[-1][0]
        busy.log.publish(said(utterance=3, start=9.0, end=11.0))
        _, more = await next_of(told, "events")
        assert [event["utterance"] for event in more["events"]] == [3]


@pytest.mark.parametrize("after", ["1-0", "nonsense", "99999999999999-0"])
async def test_what_is_not_known_any_more_is_told_as_a_snapshot(busy, after):
    async with stream(busy, AGENT, **{"Last-Event-ID": after}) as (_, told):
        assert (await anext(told))[1]["type"] == "snapshot"


async def test_more_than_an_outbox_holds_is_told_as_a_snapshot(tmp_path):
    async with open_house(tmp_path, outbox=2) as house:
        house.keys["crm-key"] = "crm"
        for n in range(1, 5):
            house.log.publish(said(utterance=n))
        await house.folded()
        after = house.log.entries[0][0]
        async with stream(house, "/api/v1/feed", **{"Last-Event-ID": after}) as (_, told):
            assert (await anext(told))[1]["type"] == "snapshot"
        after = house.log.entries[1][0]
        async with stream(house, "/api/v1/feed", **{"Last-Event-ID": after}) as (_, told):
            assert len((await anext(told))[1]["events"]) == 2


async def test_how_things_stand_is_the_heartbeat_and_has_no_id(busy, monkeypatch):
    monkeypatch.setattr("web_dashboard.telling.STATUS_EVERY", 0.05)
    async with stream(busy, AGENT) as (answer, _):
        lines = [line async for line in until_status(answer)]
    data = next(n for n, line in enumerate(lines) if '"type":"status"' in line)
    assert lines[data - 1] == ""


async def until_status(answer):
    async for line in answer.aiter_lines():
        yield line
        if '"type":"status"' in line:
            return


async def test_a_key_that_is_revoked_ends_its_stream(busy, monkeypatch):
    monkeypatch.setattr("web_dashboard.telling.STATUS_EVERY", 0.05)
    async with stream(busy, AGENT) as (_, told):
        await anext(told)
        del busy.keys["crm-key"]
        assert [frame async for frame in told if frame[1]["type"] != "status"] == []


async def test_a_stream_that_is_left_is_forgotten(busy):
    async with stream(busy, AGENT) as (_, told):
        await anext(told)
        assert len(busy.parts.feed._viewers) == 1
    async with asyncio.timeout(10):
        await busy.parts.feed._nobody.wait()


async def test_a_server_that_stops_ends_its_streams_in_order(tmp_path):
    async with open_house(tmp_path) as house:
        house.keys["crm-key"] = "crm"
        async with stream(house, "/api/v1/feed") as (_, told):
            await anext(told)
            await house.parts.feed.close_viewers()
            assert [frame async for frame in told] == []


async def test_a_reader_that_does_not_read_is_cut_off_and_waits_for_nobody(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("web_dashboard.streams.FAREWELL", 0.05)
    async with open_house(tmp_path, outbox=20) as house:
        house.keys["crm-key"] = "crm"
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(house.origin.rsplit(":", 1)[1]), limit=1
        )
        writer.write(
            b"GET /api/v1/feed HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Authorization: Bearer crm-key\r\n\r\n"
        )
        await reader.readexactly(1)
        async with asyncio.timeout(20):
            for n in range(1, 100_000):
                house.log.publish(said(utterance=n, text="这衣服尺码根本不对！" * 500))
                await asyncio.sleep(0)
                if house.parts.feed._nobody.is_set():
                    break
        assert house.parts.feed._nobody.is_set()
        writer.close()


async def test_a_page_with_a_ticket_may_read_it_and_other_pages_may_not(busy):
    page = "https://crm.example.com"
    wanted = {"agent_id": "8001", "origin": page}
    key = {"Authorization": "Bearer crm-key"}
    async with httpx.AsyncClient(base_url=busy.url) as client:
        tickets = [
            (await client.post("/api/v1/ticket", json=wanted, headers=key)).json()["ticket"]
            for _ in range(2)
        ]
    origin = {"Authorization": "", "Origin": page}
    async with stream(busy, f"{AGENT}?ticket={tickets[0]}", **origin) as (answer, told):
        assert answer.headers["access-control-allow-origin"] == page
        assert (await anext(told))[1]["type"] == "snapshot"
    async with stream(busy, f"{AGENT}?ticket={tickets[0]}", **origin) as (answer, _):
        assert answer.status_code == 401
    origin["Origin"] = "https://evil.example.com"
    async with stream(busy, f"{AGENT}?ticket={tickets[1]}", **origin) as (answer, _):
        assert answer.status_code == 401
        assert "access-control-allow-origin" not in answer.headers
