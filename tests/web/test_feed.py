"""The feed over a real websocket: nothing missing, nothing twice, nobody waits for anybody."""

import asyncio
import contextlib
import json

from prometheus_client import REGISTRY
from websockets.exceptions import ConnectionClosed

from alerts.playbook_file import PlaybookState
from streamer.events import Party
from tests.web.scenes import alert, open_house, prompt, said, started


async def frame(socket, kind):
    """The next frame of that kind."""
    async with asyncio.timeout(10):
        while True:
            got = json.loads(await socket.recv())
            if got["type"] == kind:
                return got


async def utterances(socket, count):
    """The numbers of the next so many transcripts."""
    found = []
    while len(found) < count:
        events = (await frame(socket, "events"))["events"]
        found += [e["utterance"] for e in events if e["type"] == "transcript"]
    return found


async def test_a_snapshot_and_then_events_as_they_are_published(house):
    house.log.publish(started())
    await house.folded()
    async with await house.feed("/api/v1/feed", "boss") as socket:
        first = json.loads(await socket.recv())
        assert first["type"] == "snapshot"
        assert [c["call_id"] for c in first["calls"]] == ["c1"]
        assert first["last"] == house.log.entries[-1][0]
        assert first["status"]["model"]["name"] == "tiny"
        assert first["status"]["playbook"]["state"] == "current"
        house.log.publish(said(utterance=5))
        house.log.publish(alert())
        second = await frame(socket, "events")
        assert [e["type"] for e in second["events"]] == ["transcript", "alert"]
        assert second["last"] == house.log.entries[-1][0]


async def test_whoever_comes_in_the_middle_misses_nothing_and_gets_nothing_twice(house):
    """A viewer's snapshot and its events together are exactly what was published."""
    house.log.publish(started())

    async def speak():
        for n in range(300):
            house.log.publish(said(f"第{n}句", utterance=n, start=n, end=n + 0.5))
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        opened = await house.feed("/api/v1/feed", "boss")
        tasks.create_task(speak())
        async with opened as socket:
            first = await frame(socket, "snapshot")
            last = first["calls"][0]["last"] if first["calls"] else None
            begun = int(last["text"][1:-1]) + 1 if last else 0
            assert await utterances(socket, 300 - begun) == list(range(begun, 300))


async def test_a_return_gives_everything_that_happened_meanwhile(house):
    house.log.publish(started())
    async with await house.feed("/api/v1/feed", "boss") as socket:
        last = (await frame(socket, "snapshot"))["last"]
    house.log.publish(alert("a1"))
    house.log.publish(alert("a2", state="resolved"))
    house.log.publish(prompt())
    await house.folded()
    async with await house.feed(f"/api/v1/feed?after={last}", "boss") as socket:
        again = await frame(socket, "snapshot")
        assert [a["id"] for a in again["alerts"]] == ["a1", "a2"]
        assert [p["id"] for p in again["prompts"]] == ["p1"]


async def closed_with(socket):
    """The close code, after whatever was still on its way."""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


async def test_who_does_not_read_is_cut_off_and_the_others_get_everything(tmp_path):
    async with open_house(tmp_path, outbox=40) as house:
        house.log.publish(started())
        slow = await house.feed("/api/v1/feed", "boss", max_queue=1, max_size=None)
        quick = await house.feed("/api/v1/feed", "boss", max_size=None)
        async with quick as reads, slow as sleeps:
            await frame(reads, "snapshot")
            await frame(sleeps, "snapshot")
            heard, cut_off = [], cut_off_so_far()
            while cut_off_so_far() == cut_off and len(heard) < 3000:
                first = len(heard)
                for n in range(first, first + 20):
                    house.log.publish(said("话" * 20_000, utterance=n, end=n + 2.0))
                heard += await utterances(reads, 20)
            assert cut_off_so_far() == cut_off + 1
            assert heard == list(range(len(heard)))
            assert await closed_with(sleeps) == 4408


def cut_off_so_far():
    return REGISTRY.get_sample_value("earwitness_feed_cut_off_total")


async def test_a_viewer_that_leaves_is_forgotten(house):
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
    async with asyncio.timeout(10):
        await house.parts.feed._nobody.wait()


async def test_what_a_viewer_says_is_not_listened_to(house):
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
        await socket.send("hello")
        await socket.send(b"\x00")
        house.log.publish(started())
        assert (await frame(socket, "events"))["events"][0]["call_id"] == "c1"
        await socket.send("x" * 10_000)
        assert await closed_with(socket) == 1009


async def test_the_agents_emotion_never_leaves(house):
    """Over the wire, live and in a snapshot, for the supervisor as for the agent."""
    house.log.publish(started())
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
        house.log.publish(said("好的", Party.AGENT))
        told = (await frame(socket, "events"))["events"][-1]
        assert (told["emotion"], told["emotion_p"], told["raw"]) == ("EMO_UNKNOWN", {}, "")
    async with await house.feed("/api/v1/agents/8001/feed", "lin") as socket:
        text = await socket.recv()
        assert "好的" in text
        assert "ANGRY" not in text
    async with house.browser("boss") as client:
        assert "ANGRY" not in (await client.get("/api/v1/calls/c1")).text


async def test_redis_goes_away_and_comes_back(house):
    house.log.publish(started())
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
        house.log.go(away=True)
        status = (await frame(socket, "status"))["status"]
        assert status["redis"]["state"] == "away"
        assert status["redis"]["since"]
        for n in range(5):
            house.log.publish(said(utterance=n, end=n + 2.0))
        house.log.go(away=False)
        assert await utterances(socket, 5) == [0, 1, 2, 3, 4]
        async with house.browser() as client:
            assert (await client.get("/ready")).status_code == 200


async def test_a_log_that_forgot_is_told_again_and_nothing_comes_twice(house):
    """Killed, Redis lost its last entries, and its clock was set back."""
    house.log.publish(started())
    house.log.publish(said(utterance=1))
    house.log.publish(said(utterance=2, end=4.0))
    await house.folded()
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
        house.log.go(away=True)
        await frame(socket, "status")
        lost = house.log.forget(keep=1)
        house.log.publish(lost[0])
        house.log.go(away=False)
        await frame(socket, "status")
        house.log.publish(lost[1])
        house.log.publish(said(utterance=3, end=5.0))
        assert await utterances(socket, 1) == [3]
    assert len(house.parts.feed.board.events("c1")) == 4


async def test_an_empty_log_keeps_the_board(house):
    house.log.publish(started())
    await house.folded()
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
        house.log.go(away=True)
        await frame(socket, "status")
        house.log.forget(keep=0)
        house.log.go(away=False)
        await frame(socket, "status")
        house.log.publish(said(utterance=7))
        assert await utterances(socket, 1) == [7]
    assert house.parts.feed.board.call("c1").agent_name == "林岚"


async def test_a_session_that_ends_closes_its_feed(house, monkeypatch):
    monkeypatch.setattr("web_dashboard.telling.STATUS_EVERY", 0.05)
    async with await house.feed("/api/v1/feed", "boss") as socket:
        await frame(socket, "snapshot")
        assert await frame(socket, "status")
        house.parts.accounts.disable("boss")
        assert await closed_with(socket) == 4401


async def test_a_wrong_playbook_is_told_with_its_fault_and_the_version_in_force(house):
    house.playbook = PlaybookState("3f2a", "line 12: angry.exit must be lower", 2, "2026-11-22")
    async with await house.feed("/api/v1/feed", "boss") as socket:
        told = (await frame(socket, "snapshot"))["status"]["playbook"]
    assert told == {
        "version": "3f2a",
        "state": "wrong",
        "fault": "line 12: angry.exit must be lower",
        "faults": 2,
        "since": "2026-11-22",
    }
